package sluice.network.layers;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rotary positions (Su et al. 2021, "RoFormer"): queries and keys are turned by angles that grow
 * with the step, so that their products go by the distance of the steps. Number i of a head's first
 * half and of its second are a pair, turned by step * 10000^(-2i / width of a head).
 */
public final class Rotation {
  private static final double BASE = 10_000;

  private Rotation() {}

  /** The angle between two steps for a pair of a head's numbers. */
  public static double angle(int pair, int widthOfHead) {
    return Math.pow(BASE, -2.0 * pair / widthOfHead);
  }

  /**
   * Queries, keys and values whose queries and keys are turned; a copy.
   *
   * @param all [examples * time, 3 width]
   * @param sign 1 forward, and -1 for gradients on the way back
   */
  static INDArray turned(INDArray all, int heads, int time, int sign) {
    double[] numbers = all.dup('c').data().asDouble();
    int row = all.columns();
    int width = row / 3;
    int own = width / heads;
    for (int at = 0; at < numbers.length; at += row) {
      int step = at / row % time;
      for (int head = 0; head < 2 * heads; head++) {
        for (int pair = 0; pair < own / 2; pair++) {
          int first = at + head * own + pair;
          int second = first + own / 2;
          double angle = step * angle(pair, own);
          double cosine = Math.cos(angle);
          double sine = sign * Math.sin(angle);
          double x = numbers[first];
          double y = numbers[second];
          numbers[first] = x * cosine - y * sine;
          numbers[second] = x * sine + y * cosine;
        }
      }
    }
    return Nd4j.create(numbers, all.shape(), 'c').castTo(all.dataType());
  }
}
