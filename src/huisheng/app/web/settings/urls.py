"""The addresses of the settings."""

from django.urls import path

from huisheng.app.web.settings import (
    assumption_views,
    campaign_views,
    concern_views,
    hours_views,
    roster_views,
    shift_views,
    shop_views,
)

urlpatterns = [
    path("", shop_views.front, name="settings"),
    path("again", shop_views.again, name="settings-again"),
    path("campaigns", campaign_views.page, name="settings-campaigns"),
    path("campaigns/new", campaign_views.new, name="settings-campaign-new"),
    path("campaigns/again", campaign_views.again, name="settings-campaigns-again"),
    path("campaigns/take", campaign_views.take_over, name="settings-campaign-take"),
    path("campaigns/<int:pk>", campaign_views.edit, name="settings-campaign"),
    path("campaigns/<int:pk>/end", campaign_views.end, name="settings-campaign-end"),
    path("hours", hours_views.page, name="settings-calendar"),
    path("hours/default", hours_views.forget, name="settings-calendar-forget"),
    path("agents", roster_views.page, name="settings-agents"),
    path("agents/one", roster_views.edit, name="settings-agent"),
    path("agents/take", roster_views.take_over, name="settings-agents-take"),
    path("agents/preview", roster_views.preview, name="settings-agents-preview"),
    path("agents/file", roster_views.take_file, name="settings-agents-file"),
    path("agents/template.csv", roster_views.template, name="settings-agents-template"),
    path("shifts", shift_views.page, name="settings-shifts"),
    path("shifts/copy", shift_views.copy, name="settings-shifts-copy"),
    path("shifts/preview", shift_views.preview, name="settings-shifts-preview"),
    path("shifts/file", shift_views.take_file, name="settings-shifts-file"),
    path("shifts/template.csv", shift_views.template, name="settings-shifts-template"),
    path("assumptions", assumption_views.page, name="settings-assumptions"),
    path("assumptions/again", assumption_views.again, name="settings-assumptions-again"),
    path("assumptions/<slug:assumption_id>", assumption_views.set_one, name="settings-assumption"),
    path("concerns", concern_views.page, name="settings-concerns"),
    path("concerns/one", concern_views.one, name="settings-concern"),
    path("concerns/split", concern_views.split, name="settings-concern-split"),
    path("concerns/merge", concern_views.merge, name="settings-concerns-merge"),
    path("concerns/retire", concern_views.retire, name="settings-concerns-retire"),
    path("shop", shop_views.shop_page, name="settings-shop"),
    path("model", shop_views.model_page, name="settings-model"),
]
