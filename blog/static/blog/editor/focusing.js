// Who asks for the cursor has it at once. The library gives it with the next frame, and a
// key pressed until then would go astray: the button that was pressed may be gone.
import { Extension, commands } from "django-prose-editor/editor";

export const Focusing = Extension.create({
  name: "focusing",

  addCommands: () => ({
    focus: (...where) => (props) => {
      if (props.dispatch) props.view.focus();
      return commands.focus(...where)(props);
    },
  }),
});
