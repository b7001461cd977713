"""Descriptions of the API are CommonMark, as the OpenAPI standard has it."""

from django import template

from lzc.web.markup import line, prose

register = template.Library()
register.filter("prose", prose)
register.filter("line", line)
