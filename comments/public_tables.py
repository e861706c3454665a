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
        taken="id = NEW.id OR guid = NEW.guid"
        " OR (parent_id IS NULL AND NEW.parent_id IS NULL AND tree_id = NEW.tree_id)"
        " OR (source_url <> '' AND kind <> 'comment' AND post_id = NEW.post_id"
        " AND kind = NEW.kind AND source_url = NEW.source_url)",
    ),
    PublicTable("comments.Like"),
)
