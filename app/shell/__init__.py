"""The frame of every page: templates, styles, scripts, security headers, error pages and the public texts.

It knows no resident and no rule. Features draw their pages inside it; `app.create_app` wires it with `register`.
"""
