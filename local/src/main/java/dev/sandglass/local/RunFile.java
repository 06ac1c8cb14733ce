package dev.sandglass.local;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dapr's multi-app run file, as far as {@code ./run} follows it.
 *
 * @param common the settings for every app
 * @param apps the services, in the order in which they are listed
 */
record RunFile(Common common, List<App> apps) {

    /**
     * @param resourcesPaths folders of components, subscriptions, endpoints and resiliency, relative to the file
     * @param configFilePath Dapr's configuration, relative to the file
     * @param appHealthProbeInterval in seconds
     * @param appHealthProbeTimeout in milliseconds
     * @param daprMaxBodySize a quantity: {@code 32Mi}
     */
    record Common(
            List<String> resourcesPaths,
            String configFilePath,
            boolean enableAppHealthCheck,
            @Nullable String appHealthCheckPath,
            @Nullable Integer appHealthProbeInterval,
            @Nullable Integer appHealthProbeTimeout,
            @Nullable Integer appHealthThreshold,
            @Nullable String daprMaxBodySize) {}

    /**
     * @param appDirPath the folder of the command, relative to the file
     * @param command program and arguments
     * @param env variables of the service's own
     */
    record App(
            String appID,
            String appDirPath,
            int appPort,
            int daprHTTPPort,
            int daprGRPCPort,
            int daprInternalGRPCPort,
            int metricsPort,
            List<String> command,
            @Nullable Map<String, String> env) {}

    /**
     * Reads the file.
     *
     * @throws CannotRun if it cannot be read or lacks a setting that a service needs
     */
    static RunFile read(Path file) {
        try {
            RunFile read = parse(Files.readString(file));
            for (App app : read.apps) {
                // Jackson leaves the settings empty that the file leaves out; port zero would be a random port.
                if (app.appID == null || app.appDirPath == null || app.command == null || app.appPort == 0) {
                    throw new CannotRun(file + ": every app needs appID, appDirPath, appPort and command");
                }
            }
            return read;
        } catch (IOException e) {
            throw new CannotRun(file + " cannot be read: " + e.getMessage());
        }
    }

    static RunFile parse(String yaml) throws IOException {
        return YAMLMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build()
                .readValue(yaml, RunFile.class);
    }
}
