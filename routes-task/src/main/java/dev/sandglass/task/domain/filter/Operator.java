package dev.sandglass.task.domain.filter;

/** How a field is compared with a value. */
public enum Operator {
    EQUALS("="),
    DIFFERS("!="),
    // Before those they begin with.
    UP_TO("<="),
    BEFORE("<"),
    FROM(">="),
    AFTER(">"),
    CONTAINS("~");

    private final String sign;

    Operator(String sign) {
        this.sign = sign;
    }

    /**
     * Tells if it holds where field and value have an order.
     *
     * @param order of the field to the value: negative, 0 or positive
     */
    public boolean holds(int order) {
        return switch (this) {
            case EQUALS -> order == 0;
            case DIFFERS -> order != 0;
            case UP_TO -> order <= 0;
            case BEFORE -> order < 0;
            case FROM -> order >= 0;
            case AFTER -> order > 0;
            case CONTAINS -> throw new IllegalStateException("texts have parts, what has an order has none");
        };
    }

    @Override
    public String toString() {
        return sign;
    }
}
