"""The blueprint of what everybody who is signed in has: their sessions, and what they sign in with."""

from flask import Blueprint

pages = Blueprint("me", __name__, url_prefix="/me")
