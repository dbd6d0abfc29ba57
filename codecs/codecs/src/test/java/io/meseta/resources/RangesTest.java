package io.meseta.resources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.testing.Scenario;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangesTest {
  private static Ranges ranges(String text) {
    return Ranges.of(ValueText.parse(text).getRanges());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1-4,3-5,7-8,8-10] | [1-5, 7-10]",
        "[4-6,6-8,5-9,3-4,2-5,4-6,1-1,10-10,4-6] | [1-10]",
        "[6-8,4-6] | [4-8]",
        "[1-11,8-10] | [1-11]",
        "[7-8,1-4,[8-10],4-5] | [1-5, 7-10]",
        "[4-6,7-8] | [4-8]",
        "[4-6,7-7,8-8,9-9] | [4-9]",
        "[4-6,7-7,9-10,9-11] | [4-7, 9-11]",
        "[6-8,6-8,4-6,6-8] | [4-8]",
        "[] | []",
        "[18446744073709551614-18446744073709551615,1-2] | [1-2, 18446744073709551614-18446744073709551615]"
      })
  @Scenario({
    "R-9",
    "ValuesTest.RangesCoalesce",
    "ValuesTest.RangesCoalesceParse",
    "ValuesTest.RangesParse"
  })
  void isCanonical(String text, String canonical) {
    assertEquals(canonical, ranges(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[3-8] | [4-10] | [3-10]",
        "[3-8] | [1-4] | [1-8]",
        "[2-3] | [1-4] | [1-4]",
        "[2-3] | [4-6] | [2-6]",
        "[3-5] | [1-2] | [1-5]",
        "[3-5,7-8] | [6-6] | [3-8]",
        "[1-4,9-10,20-22,26-30] | [5-8,23-25] | [1-10, 20-30]",
        "[1-4,8-10] | [4-8] | [1-10]",
        "[1-10] | [5-7] | [1-10]",
        "[1-10] | [20-21] | [1-10, 20-21]",
        "[20000-40000] | [30000-50000,10000-20000] | [10000-50000]",
        "[1-10,5-30,50-60] | [1-65,70-80] | [1-65, 70-80]",
        "[1-2] | [3-4] | [1-4]",
        "[7-8] | [5-6] | [5-8]",
        "[] | [1-1] | [1-1]"
      })
  @Scenario({
    "R-10",
    "ValuesTest.RangesAddition",
    "ValuesTest.AddRangeCoalesce",
    "ResourcesTest.RangesAddition",
    "ResourcesTest.RangesAddition2",
    "ResourcesTest.RangesAddition3",
    "ResourcesTest.RangesAddition4"
  })
  void addsAsUnion(String left, String right, String sum) {
    assertEquals(sum, ranges(left).plus(ranges(right)).toString());
    assertEquals(sum, ranges(right).plus(ranges(left)).toString());
    assertEquals(ranges(left), ranges(left).plus(ranges(left)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | [1-2] | []",
        "[1-2] | [] | [1-2]",
        "[3-8] | [1-10] | []",
        "[3-8] | [3-5] | [6-8]",
        "[3-8] | [5-8] | [3-4]",
        "[3-8] | [5-6] | [3-4, 7-8]",
        "[3-8] | [1-3] | [4-8]",
        "[3-8] | [5-10] | [3-4]",
        "[3-8] | [9-10] | [3-8]",
        "[3-8] | [1-2] | [3-8]",
        "[20000-40000] | [10000-20000,30000-50000] | [20001-29999]",
        "[50000-60000] | [50000-50001] | [50002-60000]",
        "[50000-60000] | [50000-50000] | [50001-60000]",
        "[1-10,20-30,40-50] | [2-9,15-45,48-50] | [1-1, 10-10, 46-47]",
        "[1-10] | [11-20] | [1-10]",
        "[1-10] | [2-2,4-4,6-20] | [1-1, 3-3, 5-5]"
      })
  @Scenario({
    "R-10",
    "ValuesTest.RangesSubtraction",
    "ResourcesTest.RangesSubtraction",
    "ResourcesTest.RangesSubtraction1",
    "ResourcesTest.RangesSubtraction5",
    "ResourcesTest.RangesSubtraction6"
  })
  void subtractsAsDifference(String left, String right, String rest) {
    assertEquals(rest, ranges(left).minus(ranges(right)).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1-10] | [2-2,4-5] | true",
        "[2-3] | [2-2,4-5] | false",
        "[1-2,4-6] | [2-2,4-5] | true",
        "[1-4,5-5] | [2-2,4-5] | true",
        "[1-4,6-8] | [3-7] | false",
        "[1-4] | [] | true",
        "[] | [1-1] | false",
        "[5-9] | [1-6] | false"
      })
  @Scenario({"R-12", "ResourcesTest.RangesSubset"})
  void containsWhatLiesWithinOneRange(String left, String right, boolean contained) {
    assertEquals(contained, ranges(left).contains(ranges(right)));
  }

  @Test
  @Scenario({"R-11", "ResourcesTest.RangesEquals"})
  void equalSetsAreEqual() {
    assertEquals(ranges("[20-40]"), ranges("[20-30,31-39,40-40]"));
    assertEquals(ranges("[20-40]").hashCode(), ranges("[20-30,31-39,40-40]").hashCode());
  }

  @Test
  @Scenario("R-14")
  void theLargestNumberDoesNotOverflow() {
    Ranges all = Ranges.of(0, -1L);
    Ranges last = Ranges.of(-1L, -1L);

    assertEquals(all, all.plus(last));
    assertEquals(Ranges.of(0, -2L), all.minus(last));
    assertEquals(all, all.minus(last).plus(last));
    assertTrue(all.contains(last));
    assertEquals(Long.MAX_VALUE, all.size());
    assertEquals(1, last.size());
    assertEquals(2, Ranges.ofBounds(5, 5, -1L, -1L).count());
  }

  @Test
  @Scenario("R-9")
  void boundsAreInclusiveAndChecked() {
    Ranges some = ranges("[1-1,3-5,7-8]");

    assertEquals(3, some.count());
    assertEquals(3, some.begin(1));
    assertEquals(5, some.end(1));
    assertEquals(6, some.size());
    assertTrue(some.contains(5));
    assertFalse(some.contains(6));
    assertFalse(some.contains(9));
    assertThrows(IllegalArgumentException.class, () -> Ranges.of(2, 1));
    assertThrows(IllegalArgumentException.class, () -> Ranges.ofBounds(1));
    assertEquals(some, Ranges.of(some.toProto()));
  }

  @Test
  @Scenario({"R-9", "R-10", "R-12"})
  void agreesWithBitSetsOnRandomRanges() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      long base = round % 2 == 0 ? 0 : 1L << 40;
      BitSet a = new BitSet();
      BitSet b = new BitSet();
      Ranges left = random(random, base, a);
      Ranges right = random(random, base, b);

      BitSet union = (BitSet) a.clone();
      union.or(b);
      BitSet difference = (BitSet) a.clone();
      difference.andNot(b);
      BitSet missing = (BitSet) b.clone();
      missing.andNot(a);

      assertEquals(of(union, base), left.plus(right));
      assertEquals(of(difference, base), left.minus(right));
      assertEquals(missing.isEmpty(), left.contains(right));
      assertEquals(a.cardinality(), left.size());
    }
  }

  private static Ranges random(Random random, long base, BitSet bits) {
    long[] bounds = new long[2 * random.nextInt(6)];
    for (int i = 0; i < bounds.length; i += 2) {
      int begin = random.nextInt(60);
      int end = begin + random.nextInt(8);
      bits.set(begin, end + 1);
      bounds[i] = base + begin;
      bounds[i + 1] = base + end;
    }
    return Ranges.ofBounds(bounds);
  }

  private static Ranges of(BitSet bits, long base) {
    return Ranges.ofBounds(
        bits.stream()
            .mapToLong(bit -> base + bit)
            .flatMap(bit -> LongStream.of(bit, bit))
            .toArray());
  }
}
