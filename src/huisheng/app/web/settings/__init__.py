"""What the shop tells us about itself: campaigns, hours, rosters, assumptions, channels."""
