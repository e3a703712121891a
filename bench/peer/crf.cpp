// A dense CRF in C++ in the manner of the field's programs, written for this bench from the published algorithm (Adams, Baek, Davis
// 2010; Kraehenbuehl and Koltun 2011): both kernels on a permutohedral lattice with a hash table, built once for all iterations,
// every label filtered, symmetric normalisation, one thread. Usage: crf IN OUT; see crf.mjs for the two files.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <vector>

template <int D> class Lattice {
  struct Key {
    int16_t at[D];
  };
  int points, vertices = 0;
  std::vector<int> corner, slots;
  std::vector<float> share;
  std::vector<Key> keys;
  std::vector<int> above, below;
  size_t mask;

  size_t hash(const Key &key) const {
    size_t h = 0;
    for (int i = 0; i < D; i++) h = (h + key.at[i]) * 1664525;
    return h;
  }
  int find(const Key &key, bool create) {
    size_t slot = hash(key) & mask;
    while (slots[slot] >= 0) {
      if (!std::memcmp(&keys[slots[slot]], &key, sizeof key)) return slots[slot];
      slot = (slot + 1) & mask;
    }
    if (!create) return -1;
    keys.push_back(key);
    slots[slot] = vertices;
    return vertices++;
  }

public:
  Lattice(const std::vector<float> &features, int points) : points(points), corner(size_t(points) * (D + 1)), share(size_t(points) * (D + 1)) {
    size_t capacity = 64;
    while (capacity < size_t(points) * (D + 1) * 2) capacity *= 2;
    mask = capacity - 1;
    slots.assign(capacity, -1);
    float scale[D];
    for (int i = 0; i < D; i++) scale[i] = (D + 1) * std::sqrt(2.0f / 3) / std::sqrt(float((i + 1) * (i + 2)));
    for (int p = 0; p < points; p++) {
      float elevated[D + 1], barycentric[D + 2] = {}, tail = 0;
      for (int j = D; j > 0; j--) {
        const float scaled = features[size_t(p) * D + j - 1] * scale[j - 1];
        elevated[j] = tail - j * scaled;
        tail += scaled;
      }
      elevated[0] = tail;
      int nearest[D + 1], rank[D + 1] = {}, excess = 0;
      for (int i = 0; i <= D; i++) {
        const int cell = int(std::floor(elevated[i] * (1.0f / (D + 1)) + 0.5f));
        nearest[i] = cell * (D + 1);
        excess += cell;
      }
      for (int i = 0; i < D; i++)
        for (int j = i + 1; j <= D; j++)
          if (elevated[i] - nearest[i] < elevated[j] - nearest[j]) rank[i]++;
          else rank[j]++;
      for (int i = 0; i <= D; i++) {
        rank[i] += excess;
        if (rank[i] < 0) rank[i] += D + 1, nearest[i] += D + 1;
        else if (rank[i] > D) rank[i] -= D + 1, nearest[i] -= D + 1;
      }
      for (int i = 0; i <= D; i++) {
        const float part = (elevated[i] - nearest[i]) * (1.0f / (D + 1));
        barycentric[D - rank[i]] += part;
        barycentric[D + 1 - rank[i]] -= part;
      }
      barycentric[0] += 1 + barycentric[D + 1];
      for (int r = 0; r <= D; r++) {
        Key key;
        for (int i = 0; i < D; i++) key.at[i] = int16_t(nearest[i] + (rank[i] <= D - r ? r : r - (D + 1)));
        corner[size_t(p) * (D + 1) + r] = find(key, true);
        share[size_t(p) * (D + 1) + r] = barycentric[r];
      }
    }
    above.resize(size_t(vertices) * (D + 1));
    below.resize(size_t(vertices) * (D + 1));
    for (int j = 0; j <= D; j++)
      for (int v = 0; v < vertices; v++) {
        Key up, down;
        for (int i = 0; i < D; i++) up.at[i] = keys[v].at[i] - 1, down.at[i] = keys[v].at[i] + 1;
        if (j < D) up.at[j] = keys[v].at[j] + D, down.at[j] = keys[v].at[j] - D;
        above[size_t(j) * vertices + v] = find(up, false);
        below[size_t(j) * vertices + v] = find(down, false);
      }
  }

  // values: [points][labels], overwritten
  void filter(std::vector<float> &values, int labels) const {
    std::vector<float> from(size_t(vertices + 1) * labels), to(size_t(vertices + 1) * labels);
    for (int p = 0; p < points; p++)
      for (int r = 0; r <= D; r++) {
        float *vertex = &from[size_t(corner[size_t(p) * (D + 1) + r] + 1) * labels];
        const float weight = share[size_t(p) * (D + 1) + r];
        for (int l = 0; l < labels; l++) vertex[l] += weight * values[size_t(p) * labels + l];
      }
    for (int j = 0; j <= D; j++) {
      for (int v = 0; v < vertices; v++) {
        const float *one = &from[size_t(above[size_t(j) * vertices + v] + 1) * labels];
        const float *other = &from[size_t(below[size_t(j) * vertices + v] + 1) * labels];
        for (int l = 0; l < labels; l++)
          to[size_t(v + 1) * labels + l] = from[size_t(v + 1) * labels + l] + 0.5f * (one[l] + other[l]);
      }
      std::swap(from, to);
    }
    const float alpha = 1 / (1 + std::pow(2.0f, -D));
    for (int p = 0; p < points; p++)
      for (int l = 0; l < labels; l++) {
        float sum = 0;
        for (int r = 0; r <= D; r++)
          sum += share[size_t(p) * (D + 1) + r] * from[size_t(corner[size_t(p) * (D + 1) + r] + 1) * labels + l];
        values[size_t(p) * labels + l] = alpha * sum;
      }
  }
};

template <int D> struct Kernel {
  Lattice<D> lattice;
  std::vector<float> root;
  float weight;
  Kernel(const std::vector<float> &features, int points, float weight) : lattice(features, points), root(points, 1), weight(weight) {
    lattice.filter(root, 1);
    for (float &value : root) value = 1 / std::sqrt(value + 1e-20f);
  }
  void add(const std::vector<float> &q, int labels, std::vector<float> &odds) const {
    std::vector<float> work(q);
    for (size_t i = 0; i < work.size(); i++) work[i] *= root[i / labels];
    lattice.filter(work, labels);
    for (size_t i = 0; i < work.size(); i++) odds[i] += weight * work[i] * root[i / labels];
  }
};

static void softmax(std::vector<float> &q, int labels) {
  for (size_t i = 0; i < q.size(); i += labels) {
    float highest = q[i], sum = 0;
    for (int l = 1; l < labels; l++) highest = std::max(highest, q[i + l]);
    for (int l = 0; l < labels; l++) sum += q[i + l] = std::exp(q[i + l] - highest);
    for (int l = 0; l < labels; l++) q[i + l] /= sum;
  }
}

int main(int, char **argv) {
  float head[10]; // nz ny nx labels iterations repeats, sigma alpha (voxels), sigma gamma (voxels), w1, w2
  FILE *file = std::fopen(argv[1], "rb");
  if (!file || std::fread(head, 4, 10, file) != 10) return 1;
  const int nz = head[0], ny = head[1], nx = head[2], labels = head[3], iterations = head[4], repeats = head[5];
  const int points = nz * ny * nx;
  std::vector<float> intensity(points), probability(size_t(points) * labels), q;
  if (std::fread(intensity.data(), 4, points, file) != size_t(points)) return 1;
  if (std::fread(probability.data(), 4, probability.size(), file) != probability.size()) return 1;
  std::fclose(file);
  for (int repeat = 0; repeat <= repeats; repeat++) {
    const clock_t start = std::clock();
    std::vector<float> place(size_t(points) * 3), all(size_t(points) * 4);
    for (int z = 0, p = 0; z < nz; z++)
      for (int y = 0; y < ny; y++)
        for (int x = 0; x < nx; x++, p++) {
          const float at[3] = {float(z), float(y), float(x)};
          for (int i = 0; i < 3; i++) all[size_t(p) * 4 + i] = at[i] / head[6], place[size_t(p) * 3 + i] = at[i] / head[7];
          all[size_t(p) * 4 + 3] = intensity[p];
        }
    const Kernel<4> appearance(all, points, head[8]);
    const Kernel<3> smoothness(place, points, head[9]);
    std::vector<float> unary(probability.size());
    for (size_t i = 0; i < unary.size(); i++) unary[i] = std::log(std::max(1e-6f, probability[i]));
    q = unary;
    softmax(q, labels);
    for (int k = 0; k < iterations; k++) {
      std::vector<float> odds(unary);
      appearance.add(q, labels, odds);
      smoothness.add(q, labels, odds);
      softmax(odds, labels);
      q.swap(odds);
    }
    if (repeat > 0) std::printf("%.6f\n", double(std::clock() - start) / CLOCKS_PER_SEC); // the first is a warm-up
  }
  file = std::fopen(argv[2], "wb");
  return file && std::fwrite(q.data(), 4, q.size(), file) == q.size() && !std::fclose(file) ? 0 : 1;
}
