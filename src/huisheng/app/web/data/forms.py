"""What a person says about files they hand over."""

from django import forms

from huisheng.app.web.data.receiving import WHOLE
from huisheng.app.web.data.shops import Shop

NEW_SHOP = r"[\w.-]{1,64}"


class UploadForm(forms.Form):
    """For which shop the files are, known or new, and whether an analysis follows."""

    shop = forms.ChoiceField(label="店铺", required=False)
    new_shop = forms.RegexField(
        rf"^{NEW_SHOP}$",
        label="新店铺的编号",
        required=False,
        error_messages={"invalid": "编号只能含文字、数字、点、横线和下划线，最长 64 个字"},
    )
    analyze = forms.BooleanField(label="导入后接着分析", required=False)

    def __init__(self, shops: list[Shop], *, may_add: bool, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._may_add = may_add
        self.fields["shop"].choices = [("", "新店铺"), *((s.id, s.name) for s in shops)]  # type: ignore[attr-defined]
        self._first = shops[0].id if shops else ""

    @property
    def shop_id(self) -> str:
        """Return the shop that was chosen or named."""
        given = self.cleaned_data
        return str(given.get("shop") or given.get("new_shop") or "")

    def clean(self) -> dict[str, object]:
        """A shop is needed, and only people of all shops may open a new one."""
        found: dict[str, object] = super().clean() or {}
        if WHOLE not in self.data:
            raise forms.ValidationError("上传中途断了，没有导入。请检查网络后重新上传。")
        if not found.get("shop") and "new_shop" not in self.errors:
            if not self._may_add:
                self.add_error("shop", "请选择店铺")
            elif not found.get("new_shop"):
                self.add_error("new_shop", "请选择店铺，或给新店铺起一个编号，如 tmall-nuanjia")
        return found
