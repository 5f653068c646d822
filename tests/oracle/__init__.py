"""An independent answer to *who may see what*, written from the promises; it imports nothing of the application."""
