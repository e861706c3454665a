// Files dropped into the text or pasted: where one will stand, a place says how far it
// is. Places are beside the text, never in it, so nothing saved ever holds one.
import { Extension, pm } from "django-prose-editor/editor";
import { desk, send } from "../admin/uploads.js";
import { embedded, imagesIn, withoutEmbedded } from "./pasted-images.js";
import { pictureFrom } from "./picture.js";
import { Place } from "./upload-place.js";
import { waitForUploads } from "./upload-wait.js";

const { Plugin, PluginKey } = pm.state;
const { Decoration, DecorationSet } = pm.view;
const { Fragment, Slice } = pm.model;
const { dropPoint } = pm.transform;

const key = new PluginKey("uploading");

const MAY_NOT = gettext("You may not add files to the library.");

// What stands in the text for a file: a picture, or a link to what is none.
const nodeFor = (schema, file, name) => {
  if (file.width) return schema.nodeFromJSON(pictureFrom(file));
  const marks = schema.marks.link ? [schema.marks.link.create({ href: file.address })] : [];
  return schema.nodes.paragraph.create(null, schema.text(name, marks));
};

const insertedAt = (doc, position, node) => {
  const inside = Math.min(position, doc.content.size);
  return dropPoint(doc, inside, new Slice(Fragment.from(node), 0, 0)) ?? doc.content.size;
};

const remove = (view, place) => view.dispatch(view.state.tr.setMeta(key, { remove: place }));

const settle = (view, place, result) => {
  if (view.isDestroyed) return;
  if (result === null) remove(view, place);
  else if (result.state === "refused") place.refuse(result.words);
  else {
    const found = key.getState(view.state).find((other) => other.place === place);
    const node = nodeFor(view.state.schema, result, place.name);
    const { tr } = view.state;
    tr.insert(insertedAt(tr.doc, found.position, node), node);
    view.dispatch(tr.setMeta(key, { remove: place }));
  }
};

const upload = (view, file, place) => {
  const { mediaUpload: url, maxBytes, mediaRefusal } = desk();
  if (!url) {
    place.refuse(mediaRefusal ?? MAY_NOT);
    return;
  }
  const onProgress = (share) => place.progress(share);
  const { done, cancel } = send(file, { url, maxBytes: Number(maxBytes), onProgress });
  place.onCancel = cancel;
  done.then((result) => settle(view, place, result));
};

/** Give each file a place at `position`, and send it. */
const take = (view, files, position) => {
  const added = files.map((file) => ({ position, file, place: placeFor(file) }));
  view.dispatch(view.state.tr.setMeta(key, { added }));
};

const placeFor = (file) => new Place(file.name || gettext("The picture"));

const apply = (tr, places) => {
  const { added = [], remove: gone } = tr.getMeta(key) ?? {};
  const kept = places.filter(({ place }) => place !== gone);
  // To the right, so that several at one place keep their order.
  const moved = kept.map((one) => ({ ...one, position: tr.mapping.map(one.position, 1) }));
  return added.length || gone || tr.docChanged ? [...moved, ...added] : places;
};

const decorations = (state) =>
  DecorationSet.create(
    state.doc,
    key.getState(state).map(({ position, place }) =>
      Decoration.widget(position, place.dom, { key: place.key, side: -1, ignoreSelection: true, stopEvent: () => true }),
    ),
  );

// A picture pasted as part of the text itself becomes a file of the library.
const appendTransaction = (transactions, before, state) => {
  if (!transactions.some((transaction) => transaction.docChanged)) return null;
  const found = embedded(state.doc);
  if (!found.length) return null;
  const { tr } = state;
  const added = withoutEmbedded(tr, found).map(({ file, position }) => ({ position, file, place: placeFor(file) }));
  return tr.setMeta(key, { added });
};

export const Uploading = Extension.create({
  name: "uploading",

  onCreate({ editor }) {
    waitForUploads(editor);
  },

  addProseMirrorPlugins() {
    const started = new WeakSet();
    return [
      new Plugin({
        key,
        state: { init: () => [], apply },
        appendTransaction,
        view: (view) => ({
          update: () => {
            for (const { file, place } of key.getState(view.state)) {
              if (started.has(place)) continue;
              started.add(place);
              place.onDismiss = () => remove(view, place);
              // Not before this update is over: a refusal is one of its own.
              queueMicrotask(() => upload(view, file, place));
            }
          },
        }),
        props: {
          decorations,
          handlePaste: (view, event) => {
            const files = imagesIn(event.clipboardData);
            if (!files.length) return false;
            take(view, files, blockPosition(view.state));
            return true;
          },
          handleDrop: (view, event, slice, isMoved) => {
            const files = [...(event.dataTransfer?.files ?? [])];
            if (isMoved || !files.length) return false;
            event.preventDefault();
            take(view, files, droppedAt(view, event));
            return true;
          },
        },
      }),
    ];
  },
});

// Between two paragraphs: above the one it was dropped on, or below, what is nearer.
const droppedAt = (view, { clientX: left, clientY: top }) => {
  const at = view.posAtCoords({ left, top });
  if (!at) return view.state.doc.content.size;
  const $at = view.state.doc.resolve(at.pos);
  if (!$at.parent.isTextblock || $at.depth === 0) return at.pos;
  const box = view.nodeDOM($at.before()).getBoundingClientRect();
  return top > (box.top + box.bottom) / 2 ? $at.after() : $at.before();
};

// The place of a pasted picture: below the paragraph one writes in, or before an empty one.
const blockPosition = ({ selection: { $from } }) => {
  if (!$from.parent.isTextblock || $from.depth === 0) return $from.pos;
  return $from.parent.content.size ? $from.after() : $from.before();
};
