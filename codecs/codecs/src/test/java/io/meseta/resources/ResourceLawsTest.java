package io.meseta.resources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Rng;
import io.meseta.schema.v1.Resource;
import io.meseta.testing.RandomResources;
import io.meseta.testing.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** The laws of the algebra on random bags, small ones that are scanned and large indexed ones. */
class ResourceLawsTest {
  private RandomResources random = RandomResources.seeded(0);
  private int size;

  @BeforeEach
  void seed(RepetitionInfo repetition) {
    random = RandomResources.seeded(repetition.getCurrentRepetition());
    size = repetition.getCurrentRepetition() % 2 == 0 ? 6 : 80;
  }

  @RepeatedTest(30)
  @Scenario({"R-30", "R-33"})
  void additionCommutesAndAssociates() {
    Resources a = random.bag(size);
    Resources b = random.bag(size);
    Resources c = random.bag(size);

    assertEquals(a.plus(b), b.plus(a));
    assertEquals(a.plus(b).hashCode(), b.plus(a).hashCode());
    assertEquals(a.plus(b).plus(c), a.plus(b.plus(c)));
    assertEquals(a.plus(b).plus(c), Resources.sum(List.of(a, b, c)));
    assertEquals(a, a.plus(Resources.EMPTY));
  }

  @RepeatedTest(30)
  @Scenario("R-31")
  void subtractionUndoesAddition() {
    Resources a = random.bag(size).scalars();
    Resources b = random.bag(size).scalars();

    assertEquals(a, a.plus(b).minus(b));
    assertTrue(a.minus(a).isEmpty());
    assertEquals(b, a.plus(b).minus(a));
  }

  @RepeatedTest(30)
  @Scenario({"R-31", "R-32"})
  void aContainedPartCanBeTakenAndGivenBack() {
    Resources whole = random.bag(size);
    Resources part = random.partOf(whole);

    assertTrue(whole.contains(part));
    assertEquals(whole, whole.minus(part).plus(part));
  }

  @RepeatedTest(30)
  @Scenario("R-32")
  void containmentIsMonotone() {
    Resources a = random.bag(size);
    Resources b = random.partOf(a);
    Resources c = random.bag(size);

    assertTrue(a.plus(c).contains(a));
    assertTrue(a.plus(c).contains(b));
    assertTrue(a.scalars().plus(c.scalars()).contains(b.scalars().plus(c.scalars())));
    assertEquals(a.equals(b), b.contains(a));
  }

  @RepeatedTest(30)
  @Scenario({"R-24", "R-34"})
  void messagesCarryEverythingButCopies() {
    Resources bag = random.bag(size);

    Resources back = Resources.of(bag.toProto());

    assertEquals(bag.nonShared(), back.nonShared());
    assertEquals(bag.quantities(), back.quantities());
    assertEquals(Optional.empty(), ResourceValidation.validate(bag.toProto()));
    for (Resource object : bag) {
      assertFalse(Resources.of(object).isEmpty());
    }
  }

  @RepeatedTest(30)
  @Scenario({"R-30", "R-31"})
  void indexedBagsBehaveLikeAdditionOneByOne() {
    List<Resource> messages = random.list(size);
    Resources atOnce = Resources.of(messages);
    Resources oneByOne = Resources.EMPTY;
    for (Resource message : messages) {
      oneByOne = oneByOne.plus(message);
    }

    assertEquals(oneByOne, atOnce);
    assertEquals(oneByOne.size(), atOnce.size());
    for (Resource message : messages) {
      oneByOne = oneByOne.minus(message);
    }
    assertTrue(oneByOne.isEmpty());
    assertTrue(atOnce.minus(atOnce).isEmpty());
  }

  @RepeatedTest(20)
  void filtersSplitABag() {
    Resources bag = random.bag(size);

    assertEquals(bag, bag.reserved().plus(bag.unreserved()));
    assertEquals(bag, bag.revocable().plus(bag.nonRevocable()));
    assertEquals(bag, bag.shared().plus(bag.nonShared()));
    assertEquals(bag, bag.hasProvider().plus(bag.hasNoProvider()));
    assertEquals(bag.reserved(), Resources.sum(bag.reservations().values()));
    Resources allocated = bag.allocate("a").plus(bag.allocate("z"));
    assertEquals(allocated, Resources.sum(allocated.allocations().values()));
    assertEquals(bag.unallocate(), bag.allocate("a").unallocate());
    assertEquals(bag.filter(Resource::hasRevocable), bag.revocable());
    assertEquals(bag.filter(each -> each.getDisk().hasPersistence()), bag.persistentVolumes());
  }

  @RepeatedTest(20)
  @Scenario({"R-57", "R-58"})
  void formatsConvertBack() {
    List<Resource> messages = new ArrayList<>(random.list(size));

    for (Resource message : messages) {
      assertEquals(message, ReservationFormat.upgrade(ReservationFormat.toEndpoint(message)));
      ReservationFormat.downgrade(message)
          .ifPresent(old -> assertEquals(message, ReservationFormat.upgrade(old)));
      assertEquals(
          Optional.empty(),
          ResourceValidation.validate(ReservationFormat.toEndpoint(message)),
          message::toString);
    }
  }

  @RepeatedTest(20)
  @Scenario({"R-50", "R-53"})
  void shrunkBagsStayWithinTheTargetAndTheBag(RepetitionInfo repetition) {
    Resources bag = random.bag(size).scalars().nonShared();
    Rng rng = Rng.seeded(repetition.getCurrentRepetition());
    ResourceQuantities target = ResourceQuantities.parse("cpus:3.5;mem:100;disk:15");

    Resources shrunk = Shrinking.shrink(bag, target, rng);

    assertTrue(target.contains(shrunk.quantities()));
    assertTrue(bag.contains(shrunk));
  }

  @RepeatedTest(20)
  @Scenario({"R-44", "R-48"})
  void everythingIsFoundInItself() {
    Resources bag = random.bag(size).nonShared();
    assertEquals(bag, bag.find(bag).orElseThrow());
    if (!bag.isEmpty()) {
      assertEquals(Optional.empty(), Resources.EMPTY.find(bag));
      assertNotEquals(bag, bag.plus(bag.scalars()).plus(Resources.parse("x:1")));
    }
  }
}
