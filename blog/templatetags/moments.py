"""Moments as people speak of them."""

from django import template

from blog import moments

register = template.Library()

register.filter("ago", moments.ago)
