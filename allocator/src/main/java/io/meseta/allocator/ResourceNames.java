package io.meseta.allocator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns resource names into small numbers, so that quantities are arrays. Names come from agents
 * and from flags only, never from frameworks, which keeps the table small.
 */
final class ResourceNames {
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  int idOf(String name) {
    Integer id = ids.get(name);
    if (id == null) {
      id = names.size();
      ids.put(name, id);
      names.add(name);
    }
    return id;
  }

  String nameOf(int id) {
    return names.get(id);
  }

  int size() {
    return names.size();
  }
}
