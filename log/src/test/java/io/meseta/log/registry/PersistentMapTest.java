package io.meseta.log.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Rng;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PersistentMapTest {
  @Test
  void behavesLikeASortedMapAndOldVersionsStay() {
    for (long seed = 1; seed <= 30; seed++) {
      Rng rng = Rng.seeded(seed);
      TreeMap<String, Integer> model = new TreeMap<>();
      PersistentMap<Integer> map = PersistentMap.empty();
      for (int step = 0; step < 300; step++) {
        PersistentMap<Integer> before = map;
        List<Integer> valuesBefore = values(before);
        String key = "k" + rng.nextInt(80);
        if (rng.chance(0.6)) {
          model.put(key, step);
          map = map.put(key, step);
        } else {
          model.remove(key);
          map = map.remove(key);
        }
        assertEquals(new ArrayList<>(model.values()), values(map));
        assertEquals(model.size(), map.size());
        assertEquals(Optional.ofNullable(model.get(key)), map.get(key));
        assertEquals(valuesBefore, values(before));
      }
    }
  }

  @Test
  void staysBalancedWhateverTheOrder() {
    PersistentMap<Integer> map = PersistentMap.empty();
    for (int i = 0; i < 10_000; i++) {
      map = map.put(String.format("%05d", i), i);
    }
    assertTrue(map.height() <= 19, "height " + map.height()); // 1.44 log2 n
    for (int i = 0; i < 9_000; i++) {
      map = map.remove(String.format("%05d", i));
    }
    assertTrue(map.height() <= 14, "height " + map.height());
  }

  @Test
  void removingWhatIsNotThereGivesTheSameMap() {
    PersistentMap<Integer> map = PersistentMap.<Integer>empty().put("a", 1);

    assertSame(map, map.remove("b"));
    Iterator<Integer> iterator = map.iterator();
    iterator.next();
    assertThrows(NoSuchElementException.class, iterator::next);
  }

  private static List<Integer> values(PersistentMap<Integer> map) {
    List<Integer> values = new ArrayList<>();
    map.forEach(values::add);
    return values;
  }
}
