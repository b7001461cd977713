"""What the browser gets that others made."""

import re

import pytest
from django.contrib.staticfiles import finders

from lzc.run import assets, browser, var


@pytest.mark.parametrize("name", [*assets.FILES, "icons.svg"])
def test_it_is_found_among_the_static_files(name):
    assert finders.find(name), "say `make setup`"


def test_the_sprite_holds_the_icons_that_are_asked_for_and_no_script():
    sprite = assets.sprite(["bed", "phone", "bed"])
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == ["bed", "phone"]
    assert "<script" not in sprite and "style=" not in sprite


def test_an_icon_that_does_not_exist_is_named():
    with pytest.raises(var.Trouble, match="no icon 'unicorn'; mend lzc/static/icons.txt"):
        assets.sprite(["unicorn"])


def test_without_npm_the_one_of_the_python_package_is_taken(monkeypatch):
    asked = []
    monkeypatch.setattr(assets.shutil, "which", lambda name: None)
    monkeypatch.setattr(assets, "find_spec", lambda name: None)
    monkeypatch.setattr(assets.subprocess, "run", lambda command, **rest: asked.append(command))
    assert assets.npm()[0].endswith("/bin/npm")
    assert asked[0][-1].endswith("requirements-assets.txt") and "--require-hashes" in asked[0]


def test_without_any_browser_the_tests_fail_with_what_to_install(monkeypatch):
    monkeypatch.setattr(browser.shutil, "which", lambda name, path: None)
    monkeypatch.setattr(browser, "_playwrights_own", lambda: None)
    with pytest.raises(var.Trouble, match="apt-get install chromium"):
        browser.executable()
    tried = []
    monkeypatch.setattr(browser, "_get", tried.append)
    with pytest.raises(var.Trouble, match="found none"):
        browser.ensure()
    assert "playwright" in tried[0]
