/**
 * The scene of the 3-D view, in voxels: x to the right, y down, z away from the viewer, so that it is right-handed and seen from the
 * front as the section across z is. Painted when something changes, and not otherwise.
 */
import { batch, effect } from "@preact/signals";
import {
  AmbientLight,
  DirectionalLight,
  PerspectiveCamera,
  Plane,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { cursor, hovered, isInverted, layers, moveCursor, selection, shownGreyRange } from "../../state/view.js";
import { createFrameScheduler } from "../sections/frame-scheduler.js";
import type { ViewModel } from "../sections/view-model.js";
import { createAverageMeshes } from "./average-meshes.js";
import { boxOutline } from "./box-outline.js";
import { createMaskMeshes } from "./mask-meshes.js";
import { createParticleSpheres } from "./particle-spheres.js";
import { createPoseArrows } from "./pose-arrows.js";
import { createSectionPlanes } from "./section-planes.js";

export interface VolumeScene {
  show(options: { readonly clippedBelow: number; readonly showsSections: boolean }): void;
  /** Whether the key was one of the scene's. */
  press(key: string): boolean;
  /** Looks from where it looked at first. */
  reset(): void;
  dispose(): void;
}

const FIELD_OF_VIEW_DEGREES = 35;
/** Half of the window's height, by the box's diagonal. */
const BOX_FRACTION = 0.5;
/** Of one press of an arrow key. */
const ROTATION = Math.PI / 24;
const ROTATIONS: Readonly<Record<string, readonly [around: number, over: number]>> = {
  ...{ ArrowLeft: [ROTATION, 0], ArrowRight: [-ROTATION, 0], ArrowUp: [0, -ROTATION], ArrowDown: [0, ROTATION] },
};
/** CSS pixels that a hand moves while it clicks. */
const CLICK_PIXELS = 4;

export function createVolumeScene(element: HTMLElement, model: ViewModel): VolumeScene {
  const [nz, ny, nx] = model.info.shape;
  const middle = new Vector3((nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2);
  const size = Math.hypot(nx, ny, nz);
  const renderer = new WebGLRenderer({ antialias: true, alpha: true });
  renderer.localClippingEnabled = true;
  element.append(renderer.domElement);
  const camera = new PerspectiveCamera(FIELD_OF_VIEW_DEGREES, 1, size / 100, size * 10);
  camera.up.set(0, -1, 0);
  const light = new DirectionalLight("#ffffff", 2);
  light.position.set(-0.4, -0.6, 1);
  camera.add(light);
  const clipping = new Plane(new Vector3(0, 0, 1), 1);
  const planes = createSectionPlanes(model.info.shape, clipping);
  const spheres = createParticleSpheres(clipping);
  const masks = createMaskMeshes(clipping);
  const averages = createAverageMeshes(clipping);
  const arrows = createPoseArrows(clipping);
  const scene = new Scene();
  scene.add(camera, new AmbientLight("#ffffff", 1.2), boxOutline(model.info.shape));
  scene.add(planes.group, spheres.group, masks.group, averages.group, arrows.group);

  const scheduler = createFrameScheduler(() => renderer.render(scene, camera));
  const controls = new OrbitControls(camera, renderer.domElement);
  controls.addEventListener("change", scheduler.request);
  const reset = () => {
    controls.target.copy(middle);
    const distance = (BOX_FRACTION * size) / Math.tan((FIELD_OF_VIEW_DEGREES * Math.PI) / 360);
    camera.position.copy(middle).add(new Vector3(-0.45, -0.5, -0.85).normalize().multiplyScalar(distance));
    controls.update();
    scheduler.request();
  };
  const resize = () => {
    const { clientWidth: width, clientHeight: height } = element;
    if (width === 0 || height === 0) return;
    renderer.setPixelRatio(devicePixelRatio);
    renderer.setSize(width, height);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
    scheduler.now();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(element);
  reset();

  const markerAt = (event: PointerEvent): string | undefined => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const at = new Vector2(((event.clientX - left) / width) * 2 - 1, 1 - ((event.clientY - top) / height) * 2);
    const caster = new Raycaster();
    caster.setFromCamera(at, camera);
    const hits = [spheres.hit(caster), masks.hit(caster), averages.hit(caster)].filter((hit) => hit !== undefined);
    return hits.sort((a, b) => a.distance - b.distance)[0]?.id;
  };
  let pressed: PointerEvent | undefined;
  const controller = new AbortController();
  const listen = { signal: controller.signal };
  element.addEventListener("pointerdown", (event) => void (pressed = event), listen);
  element.addEventListener(
    "pointerup",
    (event) => {
      const start = pressed;
      pressed = undefined;
      if (!start || Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) >= CLICK_PIXELS) return;
      const id = event.button === 0 ? markerAt(event) : undefined;
      const marker = model.markers.peek().find((other) => other.id === id);
      if (!marker) return;
      batch(() => {
        moveCursor(marker.position);
        selection.value = marker.id;
      });
      model.handlers.onClickMarker?.(marker.id);
    },
    listen,
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      if (!pressed) hovered.value = markerAt(event);
    },
    listen,
  );
  element.addEventListener("pointerleave", () => void (hovered.value = undefined), listen);

  const stops = [
    effect(() => {
      const marked = { selectedId: selection.value, hoveredId: hovered.value };
      const placed = layers.value.averages ? model.averages.value : [];
      averages.show(placed, marked);
      arrows.show(layers.value.arrows ? model.averages.value : []);
      // An average stands for its particle, then a mask, then a sphere.
      const withAverage = new Set(placed.flatMap(({ markerIds }) => markerIds));
      const markers = model.markers.value.filter(({ id }) => !withAverage.has(id));
      const withMask = model.masks.value?.here.value;
      masks.show(markers, withMask);
      spheres.show(
        markers.filter(({ id }) => !withMask?.has(id)),
        marked,
      );
      scheduler.request();
    }),
    effect(() => {
      const scale = { range: shownGreyRange.value, isInverted: isInverted.value };
      const { x, y, z } = model.sections.of;
      planes.show({ x: x.value, y: y.value, z: z.value }, cursor.value, scale);
      scheduler.request();
    }),
  ];
  return {
    reset,
    show({ clippedBelow, showsSections }) {
      clipping.constant = clippedBelow > 0 ? -clippedBelow : 1;
      planes.group.visible = showsSections;
      scheduler.request();
    },
    press(key) {
      const rotation = ROTATIONS[key];
      if (key === "0") reset();
      if (!rotation) return key === "0";
      const offset = camera.position.clone().sub(controls.target);
      offset.applyAxisAngle(camera.up, rotation[0]);
      const sideways = new Vector3().crossVectors(camera.up, offset).normalize();
      const tipped = offset.clone().applyAxisAngle(sideways, rotation[1]);
      // Not over the poles, where up and down change places.
      if (Math.abs(tipped.angleTo(camera.up) - Math.PI / 2) < Math.PI / 2 - 0.05) offset.copy(tipped);
      camera.position.copy(controls.target).add(offset);
      controls.update();
      return true;
    },
    dispose() {
      for (const stop of stops) stop();
      controller.abort();
      observer.disconnect();
      scheduler.stop();
      controls.dispose();
      for (const part of [planes, spheres, masks, averages, arrows]) part.dispose();
      renderer.dispose();
      renderer.domElement.remove();
    },
  };
}
