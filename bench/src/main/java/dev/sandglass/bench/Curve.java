package dev.sandglass.bench;

import java.util.List;

/**
 * A number that grows with the amount of data.
 *
 * @param name of the number, with its unit
 * @param at how many tasks or lists there were
 * @param values NaN where it could not be measured
 */
record Curve(String name, List<Double> at, List<Double> values) {
    /**
     * The exponent of the power that fits best (least squares of the logarithms): 0 does not grow, 1 grows with what there is. NaN with
     * fewer than two points.
     */
    double exponent() {
        double n = 0;
        double sumX = 0;
        double sumY = 0;
        double sumXx = 0;
        double sumXy = 0;
        for (int i = 0; i < at.size(); i++) {
            if (values.get(i) > 0) {
                double x = Math.log(at.get(i));
                double y = Math.log(values.get(i));
                n++;
                sumX += x;
                sumY += y;
                sumXx += x * x;
                sumXy += x * y;
            }
        }
        return n < 2 ? Double.NaN : (n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX);
    }
}
