"""The whole map of addresses on one page."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from lzc import appearance, views

Map = list[URLPattern | URLResolver]

door: Map = [
    path("", views.home, name="home"),
    path("inloggen/", views.LogIn.as_view(), name="login"),
    path("uitloggen/", LogoutView.as_view(), name="logout"),
    path("rol/", views.membership, name="membership"),
    path("taal/", set_language, name="set_language"),
    path("weergave/", appearance.theme, name="theme"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
]

urlpatterns: Map = [*door]
