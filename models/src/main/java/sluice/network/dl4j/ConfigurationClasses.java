package sluice.network.dl4j;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.MinMaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.distribution.BinomialDistribution;
import org.deeplearning4j.nn.conf.distribution.ConstantDistribution;
import org.deeplearning4j.nn.conf.distribution.LogNormalDistribution;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.distribution.OrthogonalDistribution;
import org.deeplearning4j.nn.conf.distribution.TruncatedNormalDistribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.nn.weights.WeightInitIdentity;
import org.deeplearning4j.nn.weights.WeightInitLecunUniform;
import org.deeplearning4j.nn.weights.WeightInitNormal;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.deeplearning4j.nn.weights.WeightInitReluUniform;
import org.deeplearning4j.nn.weights.WeightInitSigmoidUniform;
import org.deeplearning4j.nn.weights.WeightInitUniform;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanAvg;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanIn;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanOut;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanAvg;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanIn;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanOut;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.deeplearning4j.nn.weights.WeightInitXavierLegacy;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.RampSchedule;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;
import sluice.network.layers.CategoryEmbedding;
import sluice.network.layers.ColumnTokens;
import sluice.network.layers.Gru;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.NumberEmbedding;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;
import sluice.network.layers.WeightedBag;

/**
 * The classes that a configuration of Deeplearning4j may name: values without behaviour of their
 * own when they are made, whose networks train here. Not among them are layers that a user writes
 * or gives as a lambda (SameDiff), layers whose arrays a file brings along, {@link #REFUSED layers
 * of series} that do not come to the same however far a series is padded, activations that draw
 * random numbers, and outputs that are neither classes nor numbers.
 */
final class ConfigurationClasses {
  private static final Set<Class<?>> VERTICES =
      Set.of(
          ElementWiseVertex.class,
          FrozenVertex.class,
          L2NormalizeVertex.class,
          L2Vertex.class,
          LastTimeStepVertex.class,
          LayerVertex.class,
          MergeVertex.class,
          PoolHelperVertex.class,
          PreprocessorVertex.class,
          ScaleVertex.class,
          ShiftVertex.class,
          SubsetVertex.class);

  private static final Set<Class<?>> LAYERS =
      Set.of(
          ActivationLayer.class,
          BatchNormalization.class,
          Bidirectional.class,
          Convolution1DLayer.class,
          Convolution2D.class,
          ConvolutionLayer.class,
          Cropping2D.class,
          Deconvolution2D.class,
          DenseLayer.class,
          DepthwiseConvolution2D.class,
          DropoutLayer.class,
          ElementWiseMultiplicationLayer.class,
          EmbeddingLayer.class,
          EmbeddingSequenceLayer.class,
          FrozenLayer.class,
          FrozenLayerWithBackprop.class,
          GlobalPoolingLayer.class,
          LSTM.class,
          LastTimeStep.class,
          LocalResponseNormalization.class,
          OutputLayer.class,
          PReLULayer.class,
          Pooling2D.class,
          SeparableConvolution2D.class,
          SimpleRnn.class,
          SpaceToDepthLayer.class,
          Subsampling1DLayer.class,
          SubsamplingLayer.class,
          Upsampling2D.class,
          ZeroPaddingLayer.class,
          CategoryEmbedding.class,
          ColumnTokens.class,
          Gru.class,
          LayerNorm.class,
          NumberEmbedding.class,
          SelfAttention.class,
          SeriesPooling.class,
          SeriesTokens.class,
          TransformerBlock.class,
          WeightedBag.class);

  private static final Set<Class<?>> PREPROCESSORS =
      Set.of(
          CnnToFeedForwardPreProcessor.class,
          ComposableInputPreProcessor.class,
          FeedForwardToCnnPreProcessor.class,
          RnnToFeedForwardPreProcessor.class);

  private static final Set<Class<?>> ACTIVATIONS =
      Set.of(
          ActivationCube.class,
          ActivationELU.class,
          ActivationGELU.class,
          ActivationHardSigmoid.class,
          ActivationHardTanH.class,
          ActivationIdentity.class,
          ActivationLReLU.class,
          ActivationMish.class,
          ActivationRationalTanh.class,
          ActivationReLU.class,
          ActivationReLU6.class,
          ActivationRectifiedTanh.class,
          ActivationSELU.class,
          ActivationSigmoid.class,
          ActivationSoftPlus.class,
          ActivationSoftSign.class,
          ActivationSoftmax.class,
          ActivationSwish.class,
          ActivationTanH.class,
          ActivationThresholdedReLU.class);

  private static final Set<Class<?>> LOSSES =
      Set.of(
          LossBinaryXENT.class,
          LossL1.class,
          LossL2.class,
          LossMAE.class,
          LossMCXENT.class,
          LossMSE.class,
          LossNegativeLogLikelihood.class);

  private static final Set<Class<?>> WEIGHTS =
      Set.of(
          WeightInitConstant.class,
          WeightInitDistribution.class,
          WeightInitIdentity.class,
          WeightInitLecunUniform.class,
          WeightInitNormal.class,
          WeightInitRelu.class,
          WeightInitReluUniform.class,
          WeightInitSigmoidUniform.class,
          WeightInitUniform.class,
          WeightInitVarScalingNormalFanAvg.class,
          WeightInitVarScalingNormalFanIn.class,
          WeightInitVarScalingNormalFanOut.class,
          WeightInitVarScalingUniformFanAvg.class,
          WeightInitVarScalingUniformFanIn.class,
          WeightInitVarScalingUniformFanOut.class,
          WeightInitXavier.class,
          WeightInitXavierLegacy.class,
          WeightInitXavierUniform.class,
          BinomialDistribution.class,
          ConstantDistribution.class,
          LogNormalDistribution.class,
          NormalDistribution.class,
          OrthogonalDistribution.class,
          TruncatedNormalDistribution.class,
          UniformDistribution.class);

  private static final Set<Class<?>> REGULARISERS =
      Set.of(
          AlphaDropout.class,
          DropConnect.class,
          Dropout.class,
          GaussianDropout.class,
          GaussianNoise.class,
          L1Regularization.class,
          L2Regularization.class,
          MaxNormConstraint.class,
          MinMaxNormConstraint.class,
          NonNegativeConstraint.class,
          SpatialDropout.class,
          UnitNormConstraint.class,
          WeightDecay.class,
          WeightNoise.class);

  private static final Set<Class<?>> UPDATERS =
      Set.of(
          AMSGrad.class,
          AdaBelief.class,
          AdaDelta.class,
          AdaGrad.class,
          AdaMax.class,
          Adam.class,
          Nadam.class,
          Nesterovs.class,
          NoOp.class,
          RmsProp.class,
          Sgd.class);

  private static final Set<Class<?>> SCHEDULES =
      Set.of(
          CycleSchedule.class,
          ExponentialSchedule.class,
          FixedSchedule.class,
          InverseSchedule.class,
          MapSchedule.class,
          PolySchedule.class,
          RampSchedule.class,
          SigmoidSchedule.class,
          StepSchedule.class);

  private static final String LENGTH = "its mask would not be as long as its steps";

  /** Why layers are not among them that somebody might look for, by their simple names. */
  static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("Convolution1D", "a Convolution1DLayer is the same"),
          Map.entry("Cropping1D", LENGTH),
          Map.entry("GravesBidirectionalLSTM", "a Bidirectional of an LSTM does what it does"),
          Map.entry("GravesLSTM", "an LSTM, without peepholes, does what it does"),
          Map.entry("LearnedSelfAttentionLayer", "sluice.network.layers.SelfAttention attends"),
          Map.entry("MaskLayer", "padding is zero already"),
          Map.entry("MaskZeroLayer", "which steps are padding is known of every series"),
          Map.entry("Pooling1D", "a Subsampling1DLayer is the same"),
          Map.entry("RecurrentAttentionLayer", "sluice.network.layers.SelfAttention attends"),
          Map.entry("RnnLossLayer", "a label is of an example, not of its steps"),
          Map.entry(
              "RnnOutputLayer",
              "a label is of an example, not of its steps: an OutputLayer behind a pooling of the"
                  + " steps predicts it"),
          Map.entry("SelfAttentionLayer", "sluice.network.layers.SelfAttention attends"),
          Map.entry("TimeDistributed", "a Convolution1DLayer of kernel 1 does what it does"),
          Map.entry("Upsampling1D", LENGTH),
          Map.entry("ZeroPadding1DLayer", LENGTH));

  private static final Set<String> LEARNING_NAMES = names(Stream.of(UPDATERS, SCHEDULES));

  /** Every class, by its name. */
  static final Set<String> NAMES =
      names(
          Stream.of(
              VERTICES,
              LAYERS,
              PREPROCESSORS,
              ACTIVATIONS,
              LOSSES,
              WEIGHTS,
              REGULARISERS,
              UPDATERS,
              SCHEDULES));

  private ConfigurationClasses() {}

  /** Why a class is not among them. */
  static String refusal(String name) {
    String reason = REFUSED.get(name.substring(name.lastIndexOf('.') + 1));
    return reason == null ? "layers of one's own and SameDiff are refused" : reason;
  }

  /** Whether a class is an updater or a schedule, in which Deeplearning4j writes NaN for none. */
  static boolean isLearning(String name) {
    return LEARNING_NAMES.contains(name);
  }

  private static Set<String> names(Stream<Set<Class<?>>> families) {
    return families
        .flatMap(Set::stream)
        .map(Class::getName)
        .collect(Collectors.toUnmodifiableSet());
  }
}
