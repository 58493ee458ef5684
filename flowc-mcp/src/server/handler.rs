//! What clients ask of a server: tools and tasks are its own, all else goes to what stands beside the workflows.

use std::sync::Arc;

use rmcp::model::{
    self, CallToolRequestParams, CallToolResponse, CancelTaskParams, CompleteRequestParams, CompleteResult, ErrorData,
    GetPromptRequestParams, GetPromptResponse, GetTaskParams, GetTaskResult, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, SubscriptionFilter, Tool,
    UpdateTaskParams,
};
use rmcp::service::{RequestContext, SubscriptionContext};
use rmcp::{RoleServer, ServerHandler};

use super::auth::Caller;
use super::call;
use super::shared::Shared;

/// Nothing stands beside the workflows.
#[derive(Clone, Copy)]
pub(super) struct Nothing;

impl ServerHandler for Nothing {}

/// The workflows of a server, for one connection.
#[derive(Clone)]
pub(super) struct Handler<B> {
    pub(super) shared: Arc<Shared>,
    /// Who is at the other end, where the connection says it; else each request says it.
    pub(super) caller: Option<Caller>,
    /// What answers all that is no workflow.
    pub(super) beside: B,
}

/// What goes on as it came.
macro_rules! beside {
    ($($name:ident($request:ty) -> $answer:ty;)*) => {
        $(async fn $name(&self, request: $request, context: RequestContext<RoleServer>) -> Result<$answer, ErrorData> {
            self.beside.$name(request, context).await
        })*
    };
}

#[allow(deprecated, reason = "older clients still subscribe so")]
impl<B: ServerHandler> ServerHandler for Handler<B> {
    fn get_info(&self) -> ServerConfig {
        let shared = &self.shared;
        let own = ServerCapabilities::builder().enable_tools().enable_tasks().build();
        let mut capabilities = self.beside.get_info().capabilities;
        capabilities.tools = capabilities.tools.or(own.tools);
        capabilities.extensions.get_or_insert_default().extend(own.extensions.unwrap_or_default());
        let mut info = ServerConfig::new(capabilities);
        info.server_info = Implementation::new(&shared.parts.name, &shared.parts.version);
        info.instructions.clone_from(&shared.parts.instructions);
        info
    }

    async fn list_tools(
        &self,
        page: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut tools: Vec<Tool> = self.shared.parts.tools.values().map(|served| served.tool.clone()).collect();
        if let Ok(beside) = self.beside.list_tools(page, context).await {
            tools.extend(beside.tools);
        }
        Ok(ListToolsResult::with_all_items(tools))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let served = self.shared.parts.tools.get(name).map(|served| served.tool.clone());
        served.or_else(|| self.beside.get_tool(name))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if !self.shared.parts.tools.contains_key(&*request.name) && self.beside.get_tool(&request.name).is_some() {
            return self.beside.call_tool(request, context).await;
        }
        call::answer(&self.shared, self.caller.as_ref(), request, context).await
    }

    async fn get_task(
        &self,
        request: GetTaskParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetTaskResult, ErrorData> {
        self.shared.tasks.get_task(&request.task_id).map(GetTaskResult::new)
    }

    async fn update_task(&self, request: UpdateTaskParams, _: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        self.shared.tasks.update_task(&request.task_id, request.input_responses)
    }

    async fn cancel_task(&self, request: CancelTaskParams, _: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        self.shared.tasks.cancel_task(&request.task_id)
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        self.beside.accepted_subscription_filter(requested)
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        self.beside.listen(context).await
    }

    beside! {
        complete(CompleteRequestParams) -> CompleteResult;
        set_level(model::SetLevelRequestParams) -> ();
        get_prompt(GetPromptRequestParams) -> GetPromptResponse;
        list_prompts(Option<PaginatedRequestParams>) -> ListPromptsResult;
        list_resources(Option<PaginatedRequestParams>) -> ListResourcesResult;
        list_resource_templates(Option<PaginatedRequestParams>) -> ListResourceTemplatesResult;
        read_resource(ReadResourceRequestParams) -> ReadResourceResponse;
        subscribe(model::SubscribeRequestParams) -> ();
        unsubscribe(model::UnsubscribeRequestParams) -> ();
    }
}
