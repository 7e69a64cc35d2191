"""The blueprint of everything that is done with one case; the modules beside it hang their routes on it."""

from flask import Blueprint

pages = Blueprint("casework", __name__)
