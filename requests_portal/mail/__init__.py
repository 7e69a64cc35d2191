"""Messages out: mail by SMTP, webhooks by HTTPS; no message holds personal data."""
