"""The check of the Dutch finds what it must find."""

import pytest

from lzc import translations

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Bed"
msgstr "{bed}"

msgid "%(n)s bed"
msgid_plural "%(n)s beds"
msgstr[0] "%(n)s bed"
msgstr[1] "{beds}"

msgctxt "month"
msgid "May"
msgstr "mei"
{more}
"""
CODE = "x = _('Bed') + pgettext('month', 'May')"
TEMPLATE = (
    "{% load i18n %}{% blocktranslate count n=n %}{{ n }} bed{% plural %}{{ n }} beds"
    "{% endblocktranslate %}"
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one module and one page; gives what its Dutch lacks."""
    (tmp_path / "app").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "app" / "words.py").write_text(CODE)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    catalogue = tmp_path / "django.po"
    monkeypatch.setattr(translations, "BASE", tmp_path)
    monkeypatch.setattr(translations, "SOURCES", ("app",))
    monkeypatch.setattr(translations, "CATALOGUE", catalogue)

    def gaps(bed="Bed", beds="%(n)s bedden", more=""):
        catalogue.write_text(CATALOGUE.format(bed=bed, beds=beds, more=more))
        monkeypatch.setattr(translations.read, "__defaults__", (catalogue,))
        return translations.gaps()

    return gaps


def test_complete_is_complete(project):
    assert project() == []


def test_an_empty_translation_is_found(project):
    assert project(bed="") == ["django.po: not translated: 'Bed'"]
    assert project(beds="") == ["django.po: not translated: '%(n)s bed'"]


def test_a_placeholder_that_went_missing_is_found(project):
    assert len(project(beds="bedden")) == 1


def test_a_sentence_that_nobody_says_is_found(project):
    assert project(more='\nmsgid "Gone"\nmsgstr "Weg"\n') == ["django.po: nobody says 'Gone'"]


def test_a_sentence_without_dutch_is_found_and_added_for_the_translator(project, tmp_path):
    (tmp_path / "app" / "more.py").write_text("gettext_lazy('Ward')")
    assert project() == ["app/more.py: no Dutch for 'Ward'"]
    translations.update()
    assert translations.gaps() == ["django.po: not translated: 'Ward'"]
    assert translations.read().get("May", "month").string == "mei"
