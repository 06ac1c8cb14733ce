package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void areAsListedUnlessMoved() {
        assertEquals(19092, ports(Map.of()).of("kafka"));
        assertEquals(3500, ports(Map.of()).of("task-sidecar", 3500));
    }

    @Test
    void moveTogetherByTheOffset() {
        Ports moved = ports(Map.of("SANDGLASS_PORT_OFFSET", "10000"));
        assertEquals(29092, moved.of("kafka"));
        assertEquals(13500, moved.of("task-sidecar", 3500));
    }

    @Test
    void moveSinglyByTheirOwnVariableWhateverTheOffset() {
        Ports moved = ports(Map.of("SANDGLASS_PORT_OFFSET", "10000", "SANDGLASS_PORT_TASK_SIDECAR", "4242"));
        assertEquals(4242, moved.of("task-sidecar", 3500));
        assertEquals(13501, moved.of("recurrence-sidecar", 3501));
    }

    @Test
    void refuseWhatIsNoPortNamingTheVariable() {
        String word = assertThrows(
                        CannotRun.class,
                        () -> ports(Map.of("SANDGLASS_PORT_KAFKA", "many")).of("kafka"))
                .getMessage();
        assertTrue(word.contains("SANDGLASS_PORT_KAFKA"), word);
        String high = assertThrows(
                        CannotRun.class,
                        () -> ports(Map.of("SANDGLASS_PORT_OFFSET", "60000")).of("kafka"))
                .getMessage();
        assertTrue(high.contains("SANDGLASS_PORT_OFFSET") && high.contains("79092"), high);
    }

    @Test
    void knowTakenFromFree() throws Exception {
        int port;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            assertTrue(Ports.taken(port));
        }
        assertFalse(Ports.taken(port));
    }

    private static Ports ports(Map<String, String> environment) {
        Properties listed = new Properties();
        listed.setProperty("kafka", "19092");
        return new Ports(listed, environment);
    }
}
