// What the editor's library says in its dialogs, for languages it does not speak. Read by
// docs/messages.py alone; no page loads it.

gettext("Edit HTML");
gettext("Prettify");
gettext("URL");
gettext("Title");
gettext("Open in new window");
gettext("Edit Link");
gettext("List properties");
gettext("Toggle fullscreen");
gettext("Decimal numbers");
gettext("Lowercase letters");
gettext("Uppercase letters");
gettext("Lowercase Roman numerals");
gettext("Uppercase Roman numerals");
gettext("Start at");
gettext("List type");
gettext("Rows");
gettext("Columns");
gettext("Include header row");
gettext("Table Properties");
gettext("Insert Table");
gettext("Update");
gettext("Insert");
