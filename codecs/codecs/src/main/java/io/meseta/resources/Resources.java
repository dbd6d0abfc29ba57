package io.meseta.resources;

import io.meseta.kernel.Bytes;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Resource.ReservationInfo;
import io.meseta.schema.v1.Value;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bag of resources: an immutable, normalised value. Adding merges what has the same identity
 * (name, type, reservations, allocation, disk, …); nothing is ever negative or zero; the order of
 * the objects means nothing.
 *
 * <p>A shared volume is one object with a count of its copies. The count is not on the wire: the
 * same volume read k times counts k, and is written once. Volumes and other indivisible disks
 * (MOUNT, BLOCK, RAW with an id) are only ever added, removed or contained as a whole.
 *
 * <p>All resources are in post-refinement form ({@link ReservationFormat#upgrade}).
 */
public final class Resources implements Iterable<Resource> {
  public static final Resources EMPTY = new Resources(new Entry[0], null);

  private final Entry[] entries;

  // Both are computed on demand from immutable parts; a race computes them twice, equally.
  private @Nullable EntryIndex index;
  private @Nullable ResourceQuantities quantities;

  Resources(Entry[] entries, @Nullable EntryIndex index) {
    this.entries = entries;
    this.index = index;
  }

  /**
   * The bag of these resources; empty amounts vanish.
   *
   * @throws IllegalArgumentException naming the first resource that is invalid or not in
   *     post-refinement form
   */
  public static Resources of(Iterable<Resource> resources) {
    Bag bag = new Bag();
    for (Resource resource : resources) {
      bag.add(checked(resource));
    }
    return bag.toResources();
  }

  /** The bag of these resources; see {@link #of(Iterable)}. */
  public static Resources of(Resource... resources) {
    return of(Arrays.asList(resources));
  }

  /** Reads the text or JSON form of a configuration with default role {@code *}. */
  public static Resources parse(String text) {
    return parse(text, Roles.UNRESERVED);
  }

  /**
   * Reads what an operator configures: {@code cpus:2;mem(role1):512;ports:[31000-32000]}, or a JSON
   * array of resources.
   *
   * @param defaultRole the role of those that name none; {@code *} leaves them unreserved
   * @throws IllegalArgumentException with the reason, also for what cannot be configured (volumes,
   *     revocable resources, dynamic reservations, one name with two types)
   */
  public static Resources parse(String text, String defaultRole) {
    List<Resource> parsed = parseList(text, defaultRole);
    refuse(ResourceValidation.validate(parsed));
    List<Resource> upgraded = ReservationFormat.upgrade(parsed);
    refuse(ResourceValidation.validateConfigured(upgraded));
    return of(upgraded);
  }

  /** As {@link #parse(String, String)} but as written: not checked, merged or upgraded. */
  public static List<Resource> parseList(String text, String defaultRole) {
    return text.stripLeading().startsWith("[")
        ? ResourceJson.parse(text, defaultRole)
        : ResourceText.parse(text, defaultRole);
  }

  private static void refuse(Optional<String> reason) {
    if (reason.isPresent()) {
      throw new IllegalArgumentException(reason.get());
    }
  }

  private static Entry checked(Resource resource) {
    refuse(ResourceValidation.validate(List.of(resource)));
    if (OldForm.isUsed(resource)) {
      throw new IllegalArgumentException(
          "Resource '"
              + ResourceText.print(resource)
              + "' is not in post-refinement form: 'role' or 'reservation' is set");
    }
    return Entry.of(resource);
  }

  // Algebra

  /** The union: same identities merge, copies of shared volumes count up. */
  public Resources plus(Resources that) {
    if (that.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return that;
    }
    Bag bag = new Bag(this, that.entries.length);
    for (Entry entry : that.entries) {
      bag.add(entry);
    }
    return bag.toResources();
  }

  /** See {@link #plus(Resources)} and {@link #of(Iterable)}. */
  public Resources plus(Resource resource) {
    return plus(of(resource));
  }

  /** What is left without {@code that}; never negative, and what is not there is ignored. */
  public Resources minus(Resources that) {
    if (isEmpty() || that.isEmpty()) {
      return this;
    }
    Bag bag = new Bag(this, that.entries.length);
    for (Entry entry : that.entries) {
      bag.subtract(entry);
    }
    return bag.toResources();
  }

  /** See {@link #minus(Resources)} and {@link #of(Iterable)}. */
  public Resources minus(Resource resource) {
    return minus(of(resource));
  }

  /** Whether all of {@code that} can be taken from here at once. */
  public boolean contains(Resources that) {
    return Containment.contains(this, that);
  }

  /** See {@link #contains(Resources)} and {@link #of(Iterable)}. */
  public boolean contains(Resource resource) {
    return contains(of(resource));
  }

  /** Whether the sums by name reach these quantities, whatever the metadata. */
  public boolean contains(ResourceQuantities wanted) {
    return quantities().contains(wanted);
  }

  public boolean isEmpty() {
    return entries.length == 0;
  }

  /** How many objects; a shared one counts once. */
  public int size() {
    return entries.length;
  }

  /** Copies of a shared volume; for all others 1 if exactly this object is here, else 0. */
  public int count(Resource resource) {
    Entry wanted = checked(resource);
    for (Entry entry : entries) {
      if (entry.isSame(wanted)) {
        return entry.count();
      }
    }
    return 0;
  }

  /** The object with the same metadata, whatever its amount. */
  public Optional<Resource> match(Resource resource) {
    Identity wanted = checked(resource).identity();
    for (Entry entry : entries) {
      if (entry.identity().equals(wanted)) {
        return Optional.of(entry.toProto());
      }
    }
    return Optional.empty();
  }

  /** The sum of many. */
  public static Resources sum(Collection<Resources> parts) {
    Bag bag = new Bag();
    for (Resources part : parts) {
      for (Entry entry : part.entries) {
        bag.add(entry);
      }
    }
    return bag.toResources();
  }

  // Wire form

  /** One message per object. */
  public List<Resource> toProto() {
    Resource[] messages = new Resource[entries.length];
    for (int i = 0; i < entries.length; i++) {
      messages[i] = entries[i].toProto();
    }
    return List.of(messages);
  }

  @Override
  public Iterator<Resource> iterator() {
    return toProto().iterator();
  }

  // Amounts

  /** The sum of a scalar over all its objects; empty if there is none. */
  public OptionalDouble scalar(String name) {
    long millis = scalarMillis(name);
    return millis == 0 ? OptionalDouble.empty() : OptionalDouble.of(Scalars.toDouble(millis));
  }

  /** The sum of a scalar in thousandths; 0 if there is none. */
  public long scalarMillis(String name) {
    long millis = 0;
    for (Entry entry : entries) {
      if (entry.amount() instanceof Amount.Scalar scalar && entry.identity().name().equals(name)) {
        millis = Scalars.add(millis, scalar.millis());
      }
    }
    return millis;
  }

  /** The union of ranges over all objects of a name; empty if there is none. */
  public Ranges ranges(String name) {
    Ranges all = Ranges.EMPTY;
    for (Entry entry : entries) {
      if (entry.amount() instanceof Amount.Numbers numbers
          && entry.identity().name().equals(name)) {
        all = all.plus(numbers.ranges());
      }
    }
    return all;
  }

  /** The union of sets over all objects of a name; empty if there is none. */
  public SortedSet<String> set(String name) {
    SortedSet<String> all = new TreeSet<>();
    for (Entry entry : entries) {
      if (entry.amount() instanceof Amount.Items items && entry.identity().name().equals(name)) {
        all.addAll(items.names());
      }
    }
    return all;
  }

  public OptionalDouble cpus() {
    return scalar("cpus");
  }

  public OptionalDouble gpus() {
    return scalar("gpus");
  }

  /** Memory; the number of megabytes is cut to a whole one first, as upstream does. */
  public Optional<Bytes> mem() {
    return megabytes("mem");
  }

  /** Disk space of all kinds; whole megabytes. */
  public Optional<Bytes> disk() {
    return megabytes("disk");
  }

  public Ranges ports() {
    return ranges("ports");
  }

  public Ranges ephemeralPorts() {
    return ranges("ephemeral_ports");
  }

  private Optional<Bytes> megabytes(String name) {
    long millis = scalarMillis(name);
    return millis == 0 ? Optional.empty() : Optional.of(Bytes.mega(millis / 1000));
  }

  /** The sums by name; ranges and sets count their elements, shared volumes count once. */
  public ResourceQuantities quantities() {
    ResourceQuantities known = quantities;
    if (known == null) {
      known = ResourceQuantities.sum(entries);
      quantities = known;
    }
    return known;
  }

  public SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    for (Entry entry : entries) {
      names.add(entry.identity().name());
    }
    return names;
  }

  public SortedMap<String, Value.Type> types() {
    SortedMap<String, Value.Type> types = new TreeMap<>();
    for (Entry entry : entries) {
      types.put(entry.identity().name(), entry.identity().type());
    }
    return types;
  }

  // Filters: each gives a bag that shares the objects

  /** The objects that a test on their wire form accepts; the other filters are cheaper. */
  public Resources filter(Predicate<? super Resource> test) {
    return select(entry -> test.test(entry.toProto()));
  }

  public Resources get(String name) {
    return selectBy(identity -> identity.name().equals(name));
  }

  public Resources unreserved() {
    return selectBy(identity -> identity.stack().isEmpty());
  }

  public Resources reserved() {
    return selectBy(identity -> !identity.stack().isEmpty());
  }

  /** What is reserved to exactly this role. */
  public Resources reserved(String role) {
    return selectBy(identity -> identity.isReservedTo(role));
  }

  /** What is reserved, by owner. */
  public SortedMap<String, Resources> reservations() {
    return group(reserved(), entry -> entry.identity().stack().role());
  }

  public Resources reservedToSubtree(String role) {
    return selectBy(
        identity ->
            !identity.stack().isEmpty() && Roles.isAtOrBelow(identity.stack().role(), role));
  }

  public Resources dynamicallyReserved() {
    return selectBy(
        identity ->
            !identity.stack().isEmpty()
                && identity.stack().top().getType() == ReservationInfo.Type.DYNAMIC);
  }

  /** What has more than one reservation on top of each other. */
  public Resources refined() {
    return selectBy(identity -> identity.stack().depth() > 1);
  }

  /** What may be offered to a role: unreserved, or reserved to it or to an ancestor. */
  public Resources allocatableTo(String role) {
    return selectBy(identity -> identity.isAllocatableTo(role));
  }

  public Resources persistentVolumes() {
    return selectBy(Identity::isPersistent);
  }

  public Resources revocable() {
    return selectBy(Identity::isRevocable);
  }

  public Resources nonRevocable() {
    return selectBy(identity -> !identity.isRevocable());
  }

  public Resources shared() {
    return selectBy(Identity::isShared);
  }

  public Resources nonShared() {
    return selectBy(identity -> !identity.isShared());
  }

  public Resources scalars() {
    return selectBy(identity -> identity.type() == Value.Type.SCALAR);
  }

  /** What a resource provider owns. */
  public Resources hasProvider() {
    return selectBy(identity -> identity.provider() != null);
  }

  /** What this resource provider owns. */
  public Resources hasProvider(String providerId) {
    return selectBy(identity -> providerId.equals(identity.provider()));
  }

  /** What the agent itself owns. */
  public Resources hasNoProvider() {
    return selectBy(identity -> identity.provider() == null);
  }

  /** The disks with this type of source. */
  public Resources disk(DiskInfo.Source.Type type) {
    return selectBy(
        identity -> {
          DiskInfo disk = identity.disk();
          return disk != null && disk.hasSource() && disk.getSource().getType() == type;
        });
  }

  // Allocation

  /** By allocation role. Every object must be allocated, else {@link IllegalStateException}. */
  public SortedMap<String, Resources> allocations() {
    return group(
        this,
        entry -> {
          String role = entry.identity().allocationRole();
          if (role == null) {
            throw new IllegalStateException("not allocated: " + entry);
          }
          return role;
        });
  }

  /** All of it, allocated to a role. */
  public Resources allocate(String role) {
    return map(entry -> entry.withIdentity(entry.identity().withAllocation(role)));
  }

  public Resources unallocate() {
    return map(entry -> entry.withIdentity(entry.identity().withAllocation(null)));
  }

  public Resources allocatedToSubtree(String role) {
    return selectBy(
        identity -> {
          String allocated = identity.allocationRole();
          return allocated != null && Roles.isAtOrBelow(allocated, role);
        });
  }

  // Reservations

  /**
   * All of it with one more reservation on top.
   *
   * @throws IllegalArgumentException if that is not a valid reservation of every object
   */
  public Resources pushReservation(ReservationInfo reservation) {
    return map(
        entry -> {
          ReservationStack stack = entry.identity().stack().push(reservation);
          refuse(ReservationValidation.validateStack(stack.entries()));
          return entry.withStack(stack);
        });
  }

  /**
   * All of it without the latest reservation.
   *
   * @throws IllegalArgumentException if an object is not reserved
   */
  public Resources popReservation() {
    return map(
        entry -> {
          if (entry.identity().stack().isEmpty()) {
            throw new IllegalArgumentException("Resource " + entry + " is not reserved");
          }
          return entry.withStack(entry.identity().stack().pop());
        });
  }

  /** All of it without any reservation. */
  public Resources toUnreserved() {
    return map(entry -> entry.withStack(ReservationStack.NONE));
  }

  /**
   * The reservation state that two bags of equal things both come from: unreserved plus the
   * reservations that both stacks start with.
   *
   * @throws IllegalArgumentException if they differ in more than reservations, or hold several
   *     stacks
   */
  public static Resources reservationAncestor(Resources a, Resources b) {
    Resources plain = a.toUnreserved();
    if (!plain.equals(b.toUnreserved())) {
      throw new IllegalArgumentException(a + " and " + b + " differ in more than reservations");
    }
    ReservationStack common = singleStack(a).commonPrefix(singleStack(b));
    return plain.map(entry -> entry.withStack(common));
  }

  private static ReservationStack singleStack(Resources resources) {
    ReservationStack stack = ReservationStack.NONE;
    for (int i = 0; i < resources.entries.length; i++) {
      ReservationStack next = resources.entries[i].identity().stack();
      if (i > 0 && !next.equals(stack)) {
        throw new IllegalArgumentException("several different reservations in " + resources);
      }
      stack = next;
    }
    return stack;
  }

  /**
   * Resources from here that stand for {@code target}, whose reservations are wishes: first those
   * reserved to the same role, then unreserved ones, then any. Empty if a part is not found.
   */
  public Optional<Resources> find(Resources target) {
    return ResourceSearch.find(this, target);
  }

  /** Only the scalars, without any metadata. */
  public Resources createStrippedScalarQuantity() {
    Bag bag = new Bag();
    for (Entry entry : entries) {
      if (entry.amount() instanceof Amount.Scalar) {
        String name = entry.identity().name();
        bag.add(new Entry(Identity.plain(name, Value.Type.SCALAR), entry.amount(), null, 1));
      }
    }
    return bag.toResources();
  }

  // Operations

  /**
   * What an operation makes of this bag. Its resources must carry the same allocation as the bag.
   *
   * @throws IllegalStateException if the operation changed an amount, which is a bug
   */
  public ApplyResult apply(Offer.Operation operation) {
    return switch (OperationConversions.of(operation)) {
      case OperationConversions.Refused(String reason) -> new ApplyResult.Refused(reason);
      case OperationConversions.Known(List<ResourceConversion> steps) -> {
        ApplyResult result = apply(steps);
        if (result instanceof ApplyResult.Applied(Resources after)
            && !after.quantities().equals(quantities())
            && shared().equals(after.shared())) {
          throw new IllegalStateException(operation.getType() + " made " + after + " of " + this);
        }
        yield result;
      }
    };
  }

  /** Applies steps in order; the first that is refused ends it. */
  public ApplyResult apply(List<ResourceConversion> steps) {
    ApplyResult result = new ApplyResult.Applied(this);
    for (ResourceConversion step : steps) {
      if (result instanceof ApplyResult.Applied(Resources bag)) {
        result = step.applyTo(bag);
      }
    }
    return result;
  }

  // Inside the package

  Entry[] entries() {
    return entries;
  }

  EntryIndex index() {
    EntryIndex known = index;
    if (known == null) {
      known = new EntryIndex(entries, entries.length);
      index = known;
    }
    return known;
  }

  Resources map(Function<Entry, Entry> change) {
    Bag bag = new Bag();
    for (Entry entry : entries) {
      bag.add(change.apply(entry));
    }
    return bag.toResources();
  }

  private Resources selectBy(Predicate<Identity> test) {
    return select(entry -> test.test(entry.identity()));
  }

  private Resources select(Predicate<Entry> test) {
    Entry[] selected = new Entry[entries.length];
    int size = 0;
    for (Entry entry : entries) {
      if (test.test(entry)) {
        selected[size++] = entry;
      }
    }
    if (size == entries.length) {
      return this;
    }
    return size == 0 ? EMPTY : new Resources(Arrays.copyOf(selected, size), null);
  }

  private static SortedMap<String, Resources> group(
      Resources resources, Function<Entry, String> key) {
    Map<String, Bag> bags = new LinkedHashMap<>();
    for (Entry entry : resources.entries) {
      bags.computeIfAbsent(key.apply(entry), _ -> new Bag()).add(entry);
    }
    SortedMap<String, Resources> groups = new TreeMap<>();
    bags.forEach((name, bag) -> groups.put(name, bag.toResources()));
    return groups;
  }

  /** Whether both contain each other. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Resources that
            && entries.length == that.entries.length
            && contains(that)
            && that.contains(this));
  }

  @Override
  public int hashCode() {
    int sum = 0;
    for (Entry entry : entries) {
      sum += 31 * entry.identity().hashCode() + entry.amount().hashCode();
    }
    return sum;
  }

  /** Upstream's notation, for example {@code cpus:2; mem(reservations: [(STATIC,r)]):512}. */
  @Override
  public String toString() {
    return isEmpty()
        ? "{}"
        : Arrays.stream(entries).map(Entry::toString).collect(Collectors.joining("; "));
  }
}
