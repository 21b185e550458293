"""As the replaced backend was served: three workers, each with its own connection to PostgreSQL."""

workers = 3
worker_class = "sync"
loglevel = "warning"
