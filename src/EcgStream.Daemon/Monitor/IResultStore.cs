using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Monitor;

/// <summary>The stored results, by cursor. Whoever stores them says so to <see cref="ResultFeed"/> after each commit.</summary>
public interface IResultStore : ICursorStore<ResultEvent>;
