package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sluice.network.Natives;

class DirectConvolutionTest {
  private static final int[] ONE = {1, 1};
  private static final int[] THREE = {3, 3};

  @BeforeAll
  static void load() {
    Natives.load();
  }

  private static Window window(int channels, int[] stride) {
    return Window.of(
            new int[] {channels, 32, 32}, THREE, ONE, stride, ONE, ConvolutionMode.Truncate)
        .orElseThrow();
  }

  private static Filters filters(Window window, int outputs, Filters.Order order) {
    int count = outputs * window.numbers();
    Block parameters = Block.of(new FloatPointer(count), count);
    return Filters.of(new Weights(0, count, parameters, null), null, order, window);
  }

  @Test
  void oneDnnMakesTheKernelsOfResidualNetworks() {
    Products products = MatrixProducts.choose("onednn");
    for (int channels : new int[] {16, 32, 64}) {
      for (int step : new int[] {1, 2}) {
        Window window = window(channels, new int[] {step, step});
        Filters filters = filters(window, step * channels, Filters.Order.OUTPUTS_FIRST);
        DirectConvolution convolution =
            DirectConvolution.of(products, window, filters).orElseThrow();
        assertThat(convolution.forward()).isPresent();
        assertThat(convolution.back(8, true)).isPresent();
      }
    }
    Window first = window(3, ONE);
    DirectConvolution convolution =
        DirectConvolution.of(products, first, filters(first, 16, Filters.Order.OUTPUTS_FIRST))
            .orElseThrow();
    assertThat(convolution.forward()).isPresent();
    assertThat(convolution.back(8, false)).isPresent();
  }

  @Test
  void otherProductsAndOtherWeightsHaveNone() {
    Window window = window(16, ONE);
    Filters filters = filters(window, 16, Filters.Order.OUTPUTS_FIRST);
    assertThat(DirectConvolution.of(MatrixProducts.choose("openblas"), window, filters)).isEmpty();
    Filters last = filters(window, 16, Filters.Order.OUTPUTS_LAST);
    assertThat(DirectConvolution.of(MatrixProducts.choose("onednn"), window, last)).isEmpty();
  }
}
