"""Which rows of the conversation public pages are made of."""

from blog.public_tables import PublicTable

OF_COMMENTS = (
    # What waits, and spam, is on no page; a flood of it makes no page anew.
    PublicTable(
        "comments.Comment",
        unseen=(
            "reasons",
            "is_decided",
            "spam_score",
            "ip_address",
            "user_agent",
            "text_key",
        ),
        new_if="NEW.state = 'approved'",
    ),
    PublicTable("comments.Like"),
)
