/** As much of NestJS as the example uses, for a type check where it is not installed. */
declare module "@nestjs/common" {
  export interface DynamicModule {
    module: new (...inputs: never[]) => unknown;
    providers?: unknown[];
    exports?: unknown[];
  }
  export interface OnApplicationShutdown {
    onApplicationShutdown(signal?: string): unknown;
  }
  export interface ExecutionContext {
    switchToHttp(): { getRequest<T = any>(): T };
  }
  export interface CanActivate {
    canActivate(context: ExecutionContext): boolean | Promise<boolean>;
  }
  export class Logger {
    constructor(context: string);
    error(message: unknown): void;
  }
  export class ForbiddenException extends Error {
    constructor(message?: string);
  }
  export class UnprocessableEntityException extends Error {
    constructor(message?: string);
  }
  export function Global(): ClassDecorator;
  export function Module(metadata: object): ClassDecorator;
  export function Injectable(): ClassDecorator;
  export function Controller(path: string): ClassDecorator;
  export function Inject(token: unknown): ParameterDecorator;
  export function Req(): ParameterDecorator;
  export function Post(path?: string): MethodDecorator;
  export function HttpCode(status: number): MethodDecorator;
  export function UseGuards(...guards: Function[]): MethodDecorator;
}
