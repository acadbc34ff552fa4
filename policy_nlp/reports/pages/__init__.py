"""Self-contained HTML pages with charts: report.html and its sisters."""
