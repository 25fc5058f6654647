using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Windows;
using EcgStream.Evaluation.Pipeline;

namespace EcgStream.Evaluation.Ec57;

/// <summary>No classifier: every beat of the detector counts as normal, as bxb's users write detector output.</summary>
internal sealed class DetectorOnlyStages : IBeatStageFactory
{
    public string Name => "none: every beat counts as N";

    public IBeatStage Open(Action<ClassifiedBeat> onBeat) => new Stage(onBeat);

    private sealed class Stage(Action<ClassifiedBeat> onBeat) : RunSink, IBeatStage
    {
        public ISessionSink Sink => this;

        public WindowPlan? Plan => null;

        public override void OnBeat(in Beat beat) => onBeat(new ClassifiedBeat(beat, BeatClass.N, 0));

        public void Complete()
        {
        }

        public void Dispose()
        {
        }
    }
}
