package sluice.network.compiled;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import sluice.network.compiled.Compiler.Kernel;
import sluice.network.layers.CategoryEmbedding;
import sluice.network.layers.ColumnTokens;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.LowRank;
import sluice.network.layers.NumberEmbedding;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;
import sluice.network.layers.WeightedBag;

/** The kernels of the layers that Deeplearning4j lacks, but for recurrent ones. */
final class OwnLayers {
  static final Map<Class<? extends Layer>, Kernel> KERNELS =
      Map.of(
          CategoryEmbedding.class, CategoryEmbeddingOp::compile,
          LayerNorm.class, LayerNormOp::compile,
          NumberEmbedding.class, NumberEmbeddingOp::compile,
          LowRank.class, LowRankOp::compile,
          ColumnTokens.class, ColumnTokensOp::compile,
          SeriesTokens.class, SeriesTokensOp::compile,
          SeriesPooling.class, SeriesPoolingOp::compile,
          WeightedBag.class, WeightedBagOp::compile,
          SelfAttention.class, SelfAttentionOp::compile,
          TransformerBlock.class, TransformerBlockOp::compile);

  private OwnLayers() {}
}
