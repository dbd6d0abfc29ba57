package io.meseta.allocator;

import io.meseta.resources.ResourceQuantities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How an allocator behaves; the names are those of the master's flags (allocator.md, section 1).
 *
 * @param allocationInterval period of the batch for all agents
 * @param minAllocatable resources are offered only if they have at least one of these sets; none
 *     means that everything is
 * @param fairSharingExcludedNames do not count in shares
 * @param filterGpuResources hides agents with GPUs from frameworks without GPU_RESOURCES
 * @param region the master's; agents elsewhere are hidden from frameworks without REGION_AWARE
 * @param allocateOnRecover resources that come back are offered at once instead of in the next
 *     batch (D-25)
 */
public record AllocatorOptions(
    Duration allocationInterval,
    SorterKind roleSorter,
    SorterKind frameworkSorter,
    List<ResourceQuantities> minAllocatable,
    Set<String> fairSharingExcludedNames,
    boolean filterGpuResources,
    Optional<String> region,
    boolean allocateOnRecover) {

  /** Upstream's default of {@code min_allocatable_resources}. */
  public static final String DEFAULT_MIN_ALLOCATABLE = "cpus:0.01|mem:32";

  /** How clients are ordered. */
  public enum SorterKind {
    /** Dominant resource fairness. */
    DRF,
    /** A weighted random order. */
    RANDOM
  }

  public AllocatorOptions {
    if (allocationInterval.isZero() || allocationInterval.isNegative()) {
      throw new IllegalArgumentException(
          "allocation_interval must be positive, not " + allocationInterval);
    }
    minAllocatable = List.copyOf(minAllocatable);
    fairSharingExcludedNames = Set.copyOf(fairSharingExcludedNames);
  }

  /** What a master uses unless told otherwise: upstream's defaults, and D-25. */
  public static AllocatorOptions defaults() {
    return new AllocatorOptions(
        Duration.ofSeconds(1),
        SorterKind.DRF,
        SorterKind.DRF,
        parseMinAllocatable(DEFAULT_MIN_ALLOCATABLE),
        Set.of(),
        true,
        Optional.empty(),
        true);
  }

  /**
   * Reads {@code min_allocatable_resources}: sets of quantities joined by {@code |}; an empty text
   * means that everything is offered.
   *
   * @throws IllegalArgumentException naming the set that cannot be read
   */
  public static List<ResourceQuantities> parseMinAllocatable(String text) {
    List<ResourceQuantities> sets = new ArrayList<>();
    for (String set : text.split("\\|", -1)) {
      if (!set.isBlank()) {
        sets.add(parseSet(set));
      }
    }
    return sets;
  }

  private static ResourceQuantities parseSet(String text) {
    try {
      return ResourceQuantities.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "min_allocatable_resources: '" + text + "': " + e.getMessage(), e);
    }
  }

  public AllocatorOptions withAllocationInterval(Duration value) {
    return new AllocatorOptions(
        value,
        roleSorter,
        frameworkSorter,
        minAllocatable,
        fairSharingExcludedNames,
        filterGpuResources,
        region,
        allocateOnRecover);
  }

  public AllocatorOptions withSorters(SorterKind roles, SorterKind frameworks) {
    return new AllocatorOptions(
        allocationInterval,
        roles,
        frameworks,
        minAllocatable,
        fairSharingExcludedNames,
        filterGpuResources,
        region,
        allocateOnRecover);
  }

  public AllocatorOptions withMinAllocatable(List<ResourceQuantities> value) {
    return new AllocatorOptions(
        allocationInterval,
        roleSorter,
        frameworkSorter,
        value,
        fairSharingExcludedNames,
        filterGpuResources,
        region,
        allocateOnRecover);
  }

  public AllocatorOptions withFairSharingExcludedNames(Set<String> value) {
    return new AllocatorOptions(
        allocationInterval,
        roleSorter,
        frameworkSorter,
        minAllocatable,
        value,
        filterGpuResources,
        region,
        allocateOnRecover);
  }

  public AllocatorOptions withFilterGpuResources(boolean value) {
    return new AllocatorOptions(
        allocationInterval,
        roleSorter,
        frameworkSorter,
        minAllocatable,
        fairSharingExcludedNames,
        value,
        region,
        allocateOnRecover);
  }

  public AllocatorOptions withRegion(String value) {
    return new AllocatorOptions(
        allocationInterval,
        roleSorter,
        frameworkSorter,
        minAllocatable,
        fairSharingExcludedNames,
        filterGpuResources,
        Optional.of(value),
        allocateOnRecover);
  }

  public AllocatorOptions withAllocateOnRecover(boolean value) {
    return new AllocatorOptions(
        allocationInterval,
        roleSorter,
        frameworkSorter,
        minAllocatable,
        fairSharingExcludedNames,
        filterGpuResources,
        region,
        value);
  }
}
