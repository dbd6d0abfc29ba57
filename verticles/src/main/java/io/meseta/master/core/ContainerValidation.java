package io.meseta.master.core;

import static io.meseta.master.core.Checks.require;

import io.meseta.schema.v1.ContainerInfo;
import io.meseta.schema.v1.Volume;
import java.util.Optional;

/** What a container must be like (V-44, V-45). An absent one passes. */
final class ContainerValidation {
  private ContainerValidation() {}

  static Optional<String> validate(ContainerInfo container) {
    return container.getVolumesList().stream()
        .map(ContainerValidation::volume)
        .flatMap(Optional::stream)
        .findFirst()
        .map(reason -> "Invalid volume: " + reason)
        .or(() -> docker(container));
  }

  private static Optional<String> docker(ContainerInfo container) {
    if (!container.hasType() || container.getType() != ContainerInfo.Type.DOCKER) {
      return Optional.empty();
    }
    return Checks.first(
        () ->
            require(
                container.hasDocker(),
                "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo"),
        () ->
            require(
                container.getDocker().getParametersList().stream()
                    .noneMatch(p -> p.getKey().equals("name")),
                "Parameter in DockerInfo must not be 'name'"));
  }

  private static Optional<String> volume(Volume volume) {
    int kinds =
        (volume.hasHostPath() ? 1 : 0) + (volume.hasImage() ? 1 : 0) + (volume.hasSource() ? 1 : 0);
    if (kinds != 1) {
      return Optional.of("Only one of them should be set: 'host_path', 'image' and 'source'");
    }
    return volume.hasSource() ? source(volume.getSource()) : Optional.empty();
  }

  private static Optional<String> source(Volume.Source source) {
    return switch (source.getType()) {
      case DOCKER_VOLUME ->
          require(
              source.hasDockerVolume(),
              "'source.docker_volume' is not set for DOCKER_VOLUME volume");
      case HOST_PATH ->
          require(source.hasHostPath(), "'source.host_path' is not set for HOST_PATH volume");
      case SANDBOX_PATH ->
          require(
              source.hasSandboxPath(), "'source.sandbox_path' is not set for SANDBOX_PATH volume");
      case SECRET ->
          Checks.first(
              () -> require(source.hasSecret(), "'source.secret' is not set for SECRET volume"),
              () -> CommandValidation.secret(source.getSecret()));
      case CSI_VOLUME ->
          Checks.first(
              () -> require(source.hasCsiVolume(), "'source.csi_volume' is not set for CSI volume"),
              () ->
                  require(
                      source.getCsiVolume().hasStaticProvisioning(),
                      "'source.csi_volume.static_provisioning' is not set for CSI volume"));
      case UNKNOWN -> Optional.of("'source.type' is unknown");
    };
  }
}
