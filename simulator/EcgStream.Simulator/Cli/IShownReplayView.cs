using EcgStream.Simulator.Replay;

namespace EcgStream.Simulator.Cli;

/// <summary>A view that may need to own the console while the replay runs.</summary>
internal interface IShownReplayView : IReplayView
{
    Task ShowAsync(Func<Task> replay);
}
