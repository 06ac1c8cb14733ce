package dev.sandglass.audit;

import dev.sandglass.support.Shape;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theRoutesAreTheProgram() {
        new Shape("dev.sandglass.audit").holds();
    }
}
