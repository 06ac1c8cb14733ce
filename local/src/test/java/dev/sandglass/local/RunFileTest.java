package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    @Test
    void isReadAsDaprReadsIt() throws Exception {
        RunFile file = RunFile.parse("""
                version: 1
                common:
                  resourcesPaths: [".", "components"]
                  configFilePath: config.yaml
                  enableAppHealthCheck: true
                  appHealthProbeInterval: 2
                  somethingOnlyDaprKnows: yes
                apps:
                  - appID: task
                    appDirPath: ../routes-task
                    appPort: 8090
                    daprHTTPPort: 3500
                    daprGRPCPort: 3600
                    daprInternalGRPCPort: 3700
                    metricsPort: 3800
                    command: ["java", "-jar", "a.jar"]
                    env: {COLOUR: blue}
                """);
        assertEquals(List.of(".", "components"), file.common().resourcesPaths());
        assertEquals(2, file.common().appHealthProbeInterval());
        assertNull(file.common().appHealthThreshold());
        RunFile.App task = file.apps().get(0);
        assertEquals(3700, task.daprInternalGRPCPort());
        assertEquals("blue", task.env().get("COLOUR"));
        assertEquals(List.of("java", "-jar", "a.jar"), task.command());
    }

    @Test
    void saysWhatAServiceLacks(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("dapr.yaml"), "common: {}\napps: [{appID: task}]\n");
        String word = assertThrows(CannotRun.class, () -> RunFile.read(file)).getMessage();
        assertTrue(word.contains("appPort") && word.contains("dapr.yaml"), word);
    }

    @Test
    void ofTheProjectGivesTheContractsParts() {
        Ports ports = new Ports(groundPorts(), Map.of());
        assertEquals(
                List.of(
                        "kafka",
                        "postgres",
                        "scheduler",
                        "task",
                        "task-sidecar",
                        "recurrence",
                        "recurrence-sidecar",
                        "reminder",
                        "reminder-sidecar",
                        "audit",
                        "audit-sidecar",
                        "sync",
                        "sync-sidecar"),
                List.copyOf(Blueprint.overview(Path.of(".."), ports).keySet()));
    }

    private static Properties groundPorts() {
        Properties listed = new Properties();
        List.of("kafka", "postgres", "scheduler").forEach(name -> listed.setProperty(name, "1"));
        return listed;
    }
}
