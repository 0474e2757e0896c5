"""The API version the sandbox speaks, written once.

It lies after 2025-03-31.basil, so a partial capture or a released hold makes no refund.
"""

API_VERSION = "2026-10-28.endive"
