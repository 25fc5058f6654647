namespace EcgStream.Core.Windows;

/// <summary>Told when a window goes back to its pool, with a result or without: it is under way no longer.</summary>
public interface IWindowTracker
{
    /// <summary>Called on the thread that returned it; must not block.</summary>
    void OnWindowReturned();
}
