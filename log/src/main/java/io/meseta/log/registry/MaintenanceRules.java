package io.meseta.log.registry;

import io.meseta.schema.v1.MachineID;
import io.meseta.schema.v1.MachineInfo;
import io.meseta.schema.v1.maintenance.Schedule;
import io.meseta.schema.v1.maintenance.Window;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The maintenance schedule and the machines in it (replicated-log 4.4). */
final class MaintenanceRules {
  private MaintenanceRules() {}

  /** Machines of the schedule drain; machines that left it are up, so they have no entry. */
  static Outcome updateSchedule(RegistryState state, Schedule schedule) {
    PersistentMap<MachineInfo> machines = PersistentMap.empty();
    for (Window window : schedule.getWindowsList()) {
      for (MachineID id : window.getMachineIdsList()) {
        String key = RegistryState.machineKey(id);
        MachineInfo.Mode mode =
            state.machines().get(key).map(MachineInfo::getMode).orElse(MachineInfo.Mode.DRAINING);
        machines =
            machines.put(
                key,
                MachineInfo.newBuilder()
                    .setId(id)
                    .setMode(mode)
                    .setUnavailability(window.getUnavailability())
                    .build());
      }
    }
    return Outcome.changed(withSchedule(state, schedule).withMachines(machines));
  }

  static Outcome start(RegistryState state, List<MachineID> ids) {
    PersistentMap<MachineInfo> machines = state.machines();
    for (MachineID id : ids) {
      String key = RegistryState.machineKey(id);
      Optional<MachineInfo> known = machines.get(key);
      if (known.isPresent() && known.get().getMode() != MachineInfo.Mode.DOWN) {
        machines =
            machines.put(key, known.get().toBuilder().setMode(MachineInfo.Mode.DOWN).build());
      }
    }
    return machines == state.machines()
        ? Outcome.unchanged()
        : Outcome.changed(state.withMachines(machines));
  }

  /** The machines are up again: they leave their windows, and empty windows leave the schedule. */
  static Outcome stop(RegistryState state, List<MachineID> ids) {
    PersistentMap<MachineInfo> machines = state.machines();
    Set<String> stopped = new HashSet<>();
    for (MachineID id : ids) {
      machines = machines.remove(RegistryState.machineKey(id));
      stopped.add(RegistryState.machineKey(id));
    }
    if (machines == state.machines()) {
      return Outcome.unchanged();
    }
    Schedule.Builder schedule = state.head().getSchedule().toBuilder().clearWindows();
    for (Window window : state.head().getSchedule().getWindowsList()) {
      Window.Builder rest = window.toBuilder().clearMachineIds();
      window.getMachineIdsList().stream()
          .filter(id -> !stopped.contains(RegistryState.machineKey(id)))
          .forEach(rest::addMachineIds);
      if (rest.getMachineIdsCount() > 0) {
        schedule.addWindows(rest);
      }
    }
    return Outcome.changed(withSchedule(state, schedule.build()).withMachines(machines));
  }

  private static RegistryState withSchedule(RegistryState state, Schedule schedule) {
    return state.withHead(
        schedule.getWindowsCount() == 0
            ? state.head().toBuilder().clearSchedule().build()
            : state.head().toBuilder().setSchedule(schedule).build());
  }
}
