"""What the server imports: the application with the settings of this process."""

from app import create_app

app = create_app()
