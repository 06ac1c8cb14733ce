package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DevMavenTest {
    @Test
    void wantsThreeNine() {
        assertFalse(DevMaven.suffices("Apache Maven 3.8.7\nMaven home: x"));
        assertTrue(DevMaven.suffices("\u001b[1mApache Maven 3.9.11 (abc)\u001b[m"));
        assertTrue(DevMaven.suffices("Apache Maven 4.0.0"));
        assertFalse(DevMaven.suffices("mvn: broken"));
    }
}
