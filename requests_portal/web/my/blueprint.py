"""The blueprint that the customer's pages hang on."""

from flask import Blueprint

pages = Blueprint("my", __name__)
