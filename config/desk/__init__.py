"""What the first page of the admin shows: it knows both apps, so it stands here."""
