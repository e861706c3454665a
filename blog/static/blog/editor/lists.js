// A numbered list begins where somebody types “1.” or “1)”.
import { OrderedList as LibraryList, wrappingInputRule } from "django-prose-editor/editor";

export const OrderedList = LibraryList.extend({
  addInputRules() {
    return [
      wrappingInputRule({
        // No other number: “2006. ” and “12. ” begin sentences.
        find: /^1[.)]\s$/,
        type: this.type,
        getAttributes: () => ({ start: 1, type: "decimal" }),
        joinPredicate: () => false,
      }),
    ];
  },
});
