"""The weekly letter: what the shops were like, by e-mail, where somebody switched it on."""
