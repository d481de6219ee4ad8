"""What a person says of a new token."""

from collections.abc import Sequence

from django import forms

from huisheng.app.web.accounts.roles import Right

RIGHTS = {
    Right.SEE_NUMBERS: "看指标和总览",
    Right.SEE_FINDINGS: "看卡点",
    Right.SEE_CONVERSATIONS: "看会话和原话",
    Right.JUDGE_FINDINGS: "处理卡点",
    Right.CORRECT_LABELS: "改判标签",
    Right.IMPORT_DATA: "导入数据",
    Right.EXPORT: "导出报告和表格",
    Right.APPROVE_EXPORTS: "批准导出",
    Right.CHANGE_SETTINGS: "看和改设置",
    Right.MANAGE_PEOPLE: "看和改人员、停用账号",
    Right.HANDLE_PRIVACY: "查找、导出、删除买家的资料",
    Right.SEE_AUDIT: "看审计",
}
"""Rights that some route asks for, as people read them."""

DAYS = {"7": "7 天", "30": "30 天", "90": "90 天", "365": "一年"}


class TokenForm(forms.Form):
    """What the token is for, what it may do, where, and how long."""

    name = forms.CharField(label="用途", max_length=60)
    rights = forms.MultipleChoiceField(label="能做什么", widget=forms.CheckboxSelectMultiple)
    shops = forms.MultipleChoiceField(
        label="店铺（不选就是您的所有店铺）", required=False, widget=forms.CheckboxSelectMultiple
    )
    days = forms.ChoiceField(label="有效期", choices=list(DAYS.items()), initial="90")

    def __init__(
        self, rights: Sequence[Right], shops: Sequence[tuple[str, str]], data: object = None
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offered = [(right.value, RIGHTS[right]) for right in RIGHTS if right in rights]
        self.fields["rights"].choices = offered  # type: ignore[attr-defined]
        self.fields["shops"].choices = list(shops)  # type: ignore[attr-defined]
        if len(shops) < 2:
            del self.fields["shops"]
