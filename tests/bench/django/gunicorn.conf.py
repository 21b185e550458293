"""As the replaced backend was served: gunicorn's default worker, three of them, each with its own connection to PostgreSQL."""

workers = 3
worker_class = "sync"
loglevel = "warning"
